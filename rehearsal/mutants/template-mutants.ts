import { references } from '../../templates/src/references';
import { template, type Sources } from '../../templates/src/template';
import type { Made, Mutant } from './mutant';

/** One Allow of a policy in the template. */
interface PlainStatement {
  Action: string | string[];
  Resource: unknown;
}

interface PlainPolicy {
  PolicyName?: string;
  PolicyDocument: { Statement: PlainStatement[] };
}

interface PlainResource {
  DependsOn?: string[];
  Properties: { Policies?: PlainPolicy[]; PolicyDocument?: PlainPolicy['PolicyDocument'] };
}

interface PlainTemplate {
  Resources: Record<string, PlainResource>;
}

/** One mutant for each DependsOn, and one for each grant: each action on each resource of each statement of the roles' policies. */
export function templateMutants(sources: Sources): Mutant[] {
  const whole = JSON.stringify(template(sources));
  return Object.entries((JSON.parse(whole) as PlainTemplate).Resources).flatMap(([id, resource]) => {
    const change = (mutate: (mutated: PlainResource) => void) => (): Made => {
      const copy = JSON.parse(whole) as PlainTemplate;
      const mutated = copy.Resources[id];
      if (mutated) mutate(mutated);
      return { files: {}, templateBody: JSON.stringify(copy) };
    };
    return [...dependsOnMutants(id, resource, change), ...grantMutants(id, resource, change)];
  });
}

/** Makes a mutant of the resource that is looked at. */
type Change = (mutate: (mutated: PlainResource) => void) => Mutant['make'];

function dependsOnMutants(id: string, { DependsOn = [] }: PlainResource, change: Change): Mutant[] {
  return DependsOn.map((other) => ({
    id: `depends-on/${id}/${other}`,
    kind: 'DependsOn',
    lacks: `the DependsOn of ${id} on ${other}`,
    make: change((mutated) => {
      mutated.DependsOn = DependsOn.filter((kept) => kept !== other);
    }),
  }));
}

function grantMutants(id: string, resource: PlainResource, change: Change): Mutant[] {
  return policiesOf(id, resource).flatMap(({ name, statements }) =>
    statements.flatMap((statement, place) =>
      listed(statement.Action).flatMap((action) =>
        listed(statement.Resource).map((on, index) => ({
          id: `${grantId(name, place, action)}/${nameOf(on)}`,
          kind: 'grant',
          lacks: `the grant that ${name} may ${action} on ${nameOf(on)}`,
          make: change((mutated) => {
            const policy = policiesOf(id, mutated).find((one) => one.name === name);
            policy?.statements.splice(place, 1, ...withoutGrant(statement, action, index));
            // An inline policy without a statement is none.
            const { Properties } = mutated;
            if (Properties.Policies) Properties.Policies = Properties.Policies.filter(({ PolicyDocument }) => PolicyDocument.Statement.length > 0);
          }),
        })),
      ),
    ),
  );
}

/** The name of one action of one statement, from 0, of a policy, on whatever it is: what the ids of its mutants begin with. */
export function grantId(policy: string, statement: number, action: string): string {
  return `grant/${policy}/${statement + 1}/${action}`;
}

/** A role's policies by their own names, which are those of functions and machines; a managed policy by its logical id, because its name differs from stack to stack. */
function policiesOf(id: string, { Properties: { Policies = [], PolicyDocument } }: PlainResource): { name: string; statements: PlainStatement[] }[] {
  return [
    ...Policies.map((policy) => ({ name: policy.PolicyName ?? id, statements: policy.PolicyDocument.Statement })),
    ...(PolicyDocument ? [{ name: id, statements: PolicyDocument.Statement }] : []),
  ];
}

/** What a statement allows but for one action on one of its resources. */
function withoutGrant(statement: PlainStatement, action: string, index: number): PlainStatement[] {
  const actions = listed(statement.Action);
  const on = listed(statement.Resource);
  const others = { ...statement, Resource: on.filter((_resource, place) => place !== index) };
  const rest = { ...statement, Action: actions.filter((other) => other !== action), Resource: [on[index]] };
  return [...(others.Resource.length > 0 ? [others] : []), ...(rest.Action.length > 0 ? [rest] : [])];
}

/** A resource by what it refers to, or else by the end of its ARN. */
function nameOf(resource: unknown): string {
  const [referred] = references(resource).filter((id) => !id.startsWith('AWS::'));
  if (referred !== undefined) return referred;
  if (resource === '*') return 'all';
  return JSON.stringify(resource).replace(/["}\]]+$/, '').replace(/^.*[/:"]/, '');
}

function listed<Entry>(entries: Entry | Entry[]): Entry[] {
  return Array.isArray(entries) ? entries : [entries];
}
