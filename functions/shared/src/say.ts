/** The names of the slots in a text: `{instance}` is one. */
type Slot<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Slot<Rest> : never;

/** Fills the slots of one of the texts in messages.ts. */
export function say<Text extends string>(text: Text, values: Record<Slot<Text>, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String((values as Record<string, string | number>)[name]));
}
