import { NotModelled } from '../errors';

/** What a stand-in program tells the simulator. */
export interface StandInRequest {
  role: string | undefined;
  pin: string | undefined;
  args: string[];
}

/** The variable that tells a stand-in which command it runs for: the path of its route. */
export const routeVariable = 'LOCAL_HOST_ROUTE';

/**
 * A stand-in program: a few lines of bash that post their arguments to the simulator and print what it answers.
 *
 * Arguments go NUL-terminated, so that any text survives. The answer is a line with the exit code and the lengths of output and
 * errors, then both: bash reads a given number of bytes at once, and up to a delimiter one by one. No program beyond bash is needed.
 * HTTP/1.0, because such an answer is never chunked.
 * @param port of the simulator's endpoint
 * @param then shell text that takes the program's place after a success, instead of its exit
 */
export function standIn(program: string, port: string, then = ''): string {
  return `#!/bin/bash
LC_ALL=C
fields=("\${CLOUDHSM_ROLE+=}\${CLOUDHSM_ROLE-}" "\${CLOUDHSM_PIN+=}\${CLOUDHSM_PIN-}" "$@")
length=0
for field in "\${fields[@]}"; do length=$((length + \${#field} + 1)); done
exec 3<>/dev/tcp/127.0.0.1/${port} || exit 70
printf 'POST %s/${program} HTTP/1.0\\r\\nHost: 127.0.0.1\\r\\nContent-Type: application/octet-stream\\r\\nContent-Length: %d\\r\\n\\r\\n' "$${routeVariable}" "$length" >&3
printf '%s\\0' "\${fields[@]}" >&3
read -r _ status _ <&3
[ "$status" = 200 ] || { echo '${program}: the simulator refused' >&2; exit 70; }
while read -r line <&3 && [ "$line" != $'\\r' ]; do :; done
read -r code length rest <&3 || exit 70
[ "$length" = 0 ] || { read -r -N "$length" text <&3 && printf '%s' "$text"; } || exit 70
[ "$rest" = 0 ] || { read -r -N "$rest" text <&3 && printf '%s' "$text" >&2; } || exit 70
exec 3>&-
${then && `[ "$code" != 0 ] || ${then}\n`}exit "$code"
`;
}

/**
 * openssl takes virtual time to make a key; the work itself is done by the real program.
 * @param pooled the simulator does the work of genrsa and x509 as well, which take the program longest
 */
export function opensslStandIn(port: string, realOpenssl: string, pooled: boolean): string {
  const pass = `exec '${realOpenssl}' "$@"`;
  const [first = '', ...rest] = standIn('openssl', port, pooled ? '' : pass).split('\n');
  return [first, `case "\${1-}" in genrsa${pooled ? ' | x509' : ' | genpkey'}) ;; *) ${pass} ;; esac`, ...rest].join('\n');
}

/** What a stand-in reads of how a program ended. */
export function standInAnswer({ exitCode, stdout, stderr }: { exitCode: number; stdout: string; stderr: string }): string {
  return `${exitCode} ${Buffer.byteLength(stdout)} ${Buffer.byteLength(stderr)}\n${stdout}${stderr}`;
}

/** Reads what a stand-in posted. @throws NotModelled for anything else */
export function parseStandInRequest(body: string): StandInRequest {
  const [role, pin, ...args] = body.split('\0').slice(0, -1);
  if (role === undefined || pin === undefined) throw new NotModelled('a request to a host that is not a stand-in program’s');
  return { role: unset(role), pin: unset(pin), args };
}

/** `=value` stands for a set variable, nothing for one that is not set. */
function unset(field: string): string | undefined {
  return field.startsWith('=') ? field.slice(1) : undefined;
}
