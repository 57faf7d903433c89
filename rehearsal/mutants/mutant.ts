/** What a mutant lacks: one of what the template has many of, or a guard that has a name. */
export const KINDS = ['Catcher', 'Retrier', 'Choice rule', 'DependsOn', 'grant', 'guard'] as const;
export type Kind = (typeof KINDS)[number];

/** The product without one thing. */
export interface Mutant {
  /** E.g. `catcher/create-key-store/CreateKeyStore/1`. */
  id: string;
  kind: Kind;
  /** What it lacks, for a person. */
  lacks: string;
  /** @throws Error if what it lacks is not where it must be */
  make: () => Made;
}

/** What is different in a mutant. */
export interface Made {
  /** The texts of the changed files, by their paths in the project. */
  files: Record<string, string>;
  /** The template that is played. Default: what the generator makes of the changed files. */
  templateBody?: string;
}
