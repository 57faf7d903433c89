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
 * Arguments go NUL-terminated, so that any text survives; the answer is three NUL-terminated fields: exit code, output, errors.
 * HTTP/1.0, because an answer then ends with the connection and is never chunked. No program beyond bash is needed.
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
IFS= read -r -d '' code <&3 && IFS= read -r -d '' output <&3 && IFS= read -r -d '' errors <&3 || exit 70
exec 3>&-
printf '%s' "$output"
printf '%s' "$errors" >&2
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
