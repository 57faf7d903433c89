/**
 * Reads a variable that the template sets on the function.
 * @throws Error if the template does not set it
 */
export function environment(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`The function has no environment variable ${name}: put it back into the function's configuration`);
  return value;
}
