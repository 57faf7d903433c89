import { readFileSync } from 'node:fs';

/** Milliseconds in a tick of the kernel's clock, as /proc counts them (proc_pid_stat(5); 100 ticks a second on Linux). */
const TICK = 10;

/** The core time that this process has used, with that of the programs that it has run to their end. Without /proc, its own alone. */
export function coreMilliseconds(): number {
  try {
    // The name in brackets may hold blanks; utime, stime, cutime and cstime are the fields 14 to 17.
    const fields = readFileSync('/proc/self/stat', 'utf8').replace(/^.*\) /s, '').split(' ');
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * TICK, 0);
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
}
