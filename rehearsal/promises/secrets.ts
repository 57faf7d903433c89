import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Json } from '../../simulator/aws';
import type { World } from '../world';
import { findAny, SHORTEST } from './find-any';
import { formsOf } from './forms';
import { kmsUsersOf } from './not-ours';
import type { Before } from './remember';
import type { Seen } from './witness';

/** P10: no secret of the life stands anywhere where somebody could read it who may not read the secret itself. */
export function checkSecrets(world: World, before: Before): string[] {
  const what = new Map([...secretsOf(world, before)].flatMap(([secret, name]) => formsOf(secret).map((form) => [form, name] as const)));
  const find = findAny([...what.keys()]);
  const lines = placesOf(world, before.seen).flatMap(([where, text]) => [...find(text)].map((form) => `P10: ${what.get(form)} in ${where}`));
  return [...new Set(lines)];
}

/** Every secret of the life so far, with what it is. */
export function secretsOf({ account, adminPassword }: World, { notOurs, seen: { secretTexts, storePasswords } }: Before): Map<string, string> {
  const { cloudFormation, cloudHsm } = account;
  const { requests } = cloudFormation.state.customResources;
  const secrets = new Map<string, string>([[adminPassword, 'the admin password']]);
  const note = (secret: string, what: string): void => {
    if (secret.length >= SHORTEST && !secrets.has(secret)) secrets.set(secret, what);
  };
  for (const password of storePasswords) note(password, 'a password that KMS had for kmsuser');
  for (const { password } of cloudHsm.state.clusters.flatMap(kmsUsersOf)) note(password, "kmsuser's password in the HSM");
  // A certificate is public, and so is what somebody has stored in its place.
  const certificates = cloudFormation.state.stacks.map(({ parameters }) => parameters['pCloudHsmCustCaCertSecretName']);
  for (const [text, name] of secretTexts) {
    if (certificates.includes(name) || text.includes('-----BEGIN')) continue;
    const inside = passwordsIn(text);
    const whose = notOurs.secrets.has(name) ? 'an admin password' : 'a password of the ledger';
    for (const password of inside ?? []) note(password, whose);
    if (!inside) note(text, whose === 'an admin password' ? whose : 'the seal key');
  }
  for (const { event, signature } of Object.values(requests)) {
    note(new URL(String(event.ResponseURL)).pathname, 'a ResponseURL');
    note(signature, 'the signature of a ResponseURL');
  }
  return secrets;
}

/** The passwords in a secret that holds a JSON object: what is called so, and what looks like one of ours; undefined for any other text. */
function passwordsIn(text: string): string[] | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const found: string[] = [];
    JSON.parse(text, (key: string, value: Json) => {
      if (typeof value === 'string' && (key === 'password' || /^[A-Za-z0-9]{32}$/.test(value))) found.push(value);
      return value;
    });
    return found;
  } catch {
    return undefined;
  }
}

/** Everything that somebody can read without being allowed to read the secrets: where it stands, and its text. */
export function placesOf({ account, adminPassword }: World, seen: Seen): [string, string][] {
  const { aws, cloudFormation, events, lambda, logs, ssm, states } = account;
  const text = (...values: unknown[]): string => JSON.stringify(values);
  return [
    ['executions: inputs, outputs, histories', text(states.state.executions, states.state.forgotten)],
    ['state machines', text(states.state.machines)],
    ['logs', text(seen.logs, logs.state)],
    ['commands: parameters and outputs', text(ssm.state.invocations, ssm.state.documents)],
    ['rules and deliveries', text(events.state)],
    ['events that were published', text(seen.events)],
    ['functions', text(Object.values(lambda.state.functions).map(({ code: _code, ...rest }) => rest))],
    ['policies and denials', text(aws.iam.state.roles, aws.iam.state.managedPolicies, aws.iam.denials)],
    ['stacks: events, outputs, parameters', text(cloudFormation.state.stacks.map(({ body: _body, resources: _resources, ...rest }) => rest))],
    ['answers to CloudFormation', text(cloudFormation.answers.map(({ reason, physicalId, status }) => [reason, physicalId, status]))],
    ['calls and their errors', text(aws.calls, seen.calls.map(({ error }) => error), aws.refusals)],
    ['arguments and environment of cloudhsm-cli', text(seen.commands.map((command) => withoutAllowed(command, adminPassword)))],
    ['files of the client', filesOf(ssm.state.instances.map(({ folder }) => folder))],
  ];
}

/**
 * A run of cloudhsm-cli without what it must be given: the login in CLOUDHSM_PIN to one that changes users, and as an argument the password
 * that kmsuser gets (README, Security), because the CLI takes them in no other way (CloudHSM User Guide, cloudhsm_cli-modes). That must not be the admin's.
 */
function withoutAllowed({ args, env: { CLOUDHSM_PIN, ...env } }: Seen['commands'][number], adminPassword: string): unknown {
  const changes = args[0] === 'user' && args[1] !== 'list';
  // Without a --password this is the place of `user`.
  const place = changes ? args.indexOf('--password') + 1 : undefined;
  return [args.filter((arg, index) => index !== place || arg === adminPassword), env, changes ? '' : CLOUDHSM_PIN];
}

/** What scripts leave on the clients. The programs and the configuration of a client are compared by another promise. */
function filesOf(folders: string[]): string {
  return folders
    .flatMap((folder) => ['orchestration', 'run', 'dev/shm', 'root'].map((name) => path.join(folder, name)))
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
    .map((file) => readFileSync(file, 'latin1'))
    .join('\n');
}
