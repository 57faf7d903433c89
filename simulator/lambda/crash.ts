/** A crash of a function's process in the middle of a run. */
export interface Crash {
  /** Only functions whose name ends with this. */
  functionName: string;
  /** How many of its runs are let through first. Default 0. */
  skip?: number;
  /** After how many of the run's requests have been carried out; 0: before it begins. Their last answer does not reach it. */
  afterRequests: number;
}

/** The crash that comes over this run of a function, which it uses up; undefined if none does. */
export function takeCrash(crashes: Crash[], functionName: string): Crash | undefined {
  for (const crash of crashes.filter((one) => functionName.endsWith(one.functionName))) {
    if (crash.skip !== undefined && crash.skip > 0) {
      crash.skip--;
      continue;
    }
    crashes.splice(crashes.indexOf(crash), 1);
    return crash;
  }
  return undefined;
}
