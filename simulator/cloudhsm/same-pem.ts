/** Whether two PEM texts are the same; line ends do not matter. */
export function samePem(one: string, other: string): boolean {
  return one.replaceAll(/\s/g, '') === other.replaceAll(/\s/g, '');
}
