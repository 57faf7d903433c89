/** The logical ids that a value refers to by Ref, Fn::GetAtt or Fn::Sub, at any depth. */
export function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [String(inner)];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(inner) ? inner[0] : inner).replace(/\..*/, '')];
    if (key === 'Fn::Sub') {
      const [text, variables] = Array.isArray(inner) ? (inner as [string, unknown]) : [String(inner), undefined];
      return [...[...text.matchAll(/\$\{([^!}.]+)[^}]*\}/g)].map(([, id = '']) => id), ...references(variables)];
    }
    return references(inner);
  });
}
