import { alphabets } from '../alphabets';
import type { Json, LocalAws } from '../aws';
import { AwsError, NotModelled } from '../errors';
import { timings } from '../timings';
import { parsePolicy } from './parse-policy';
import { decideByResourcePolicy, listed, matchesStatement, matchesWildcards, type PolicyRequest } from './policy-matching';

/** Who makes a call: an assumed role, the person or pipeline that deploys, or an AWS service acting for a resource. */
export interface Caller {
  /** As CloudTrail would show it; for a service its principal, e.g. `events.amazonaws.com`. */
  readonly arn: string;
  /** The role whose policies decide. Absent for the deployer, who may do anything, and for services. */
  readonly roleName?: string;
  /** For a service: the ARN of the resource it acts for (`aws:SourceArn`). Only a resource policy can allow it. */
  readonly sourceArn?: string;
}

/** One thing that a call needs to be allowed. */
export interface Permission {
  action: string;
  resource: string;
  /** How the error names the resource, where that is not its ARN. */
  named?: string;
  /** Condition keys of the request beyond the global ones, e.g. `iam:AWSServiceName`. */
  context?: Record<string, string>;
  /** The resource's own policy, where it has one: an Allow there is enough within one account. */
  resourcePolicy?: PolicyDocument;
}

export interface PolicyDocument {
  Version: string;
  Statement: Statement[];
}

export interface Statement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Principal?: unknown;
  Action: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** A policy's text, and when the data plane of AWS will know it. */
interface PolicyVersion {
  document: PolicyDocument;
  /** Virtual milliseconds; until then `before` holds. */
  effectiveAt: number;
  /** What held before the last change. */
  before?: PolicyDocument;
}

/** A policy inside a role. */
export interface InlinePolicy extends PolicyVersion {
  name: string;
  /** The physical id of the resource that wrote it: the role's own, or a policy's. */
  owner: string;
  /** Characters as written, white space not counted. */
  size: number;
}

/** A managed policy on a role. */
export interface Attachment {
  policyArn: string;
  effectiveAt: number;
  /** The physical id of the resource that attached it. */
  owner: string;
}

export interface Role {
  name: string;
  arn: string;
  id: string;
  trust: PolicyDocument;
  inline: InlinePolicy[];
  attached: Attachment[];
  effectiveAt: number;
}

export interface ManagedPolicy extends PolicyVersion {
  name: string;
  arn: string;
}

/** One refused check. */
export interface Denial {
  time: number;
  /** The role's name, or the service's principal. */
  role: string;
  action: string;
  resource: string;
  /** It would have been allowed, had the grants been effective yet. */
  transient: boolean;
}

/** One action on one resource that a policy of a role allows; remembered also when the role is gone. */
export interface Grant {
  roleName: string;
  policy: string;
  /** The Sid, or the statement's number from 1. */
  statement: string;
  action: string;
  resource: string;
  /** An allowed call needed it. */
  used: boolean;
}

interface NamedPolicy {
  name: string;
  document: PolicyDocument;
}

/** IAM: roles, their policies, and the decision on each call. Source: IAM User Guide, reference_policies_evaluation-logic. */
export class Iam {
  /** Who deploys: may do anything, so that only the roles of the template are judged. */
  readonly deployer: Caller = { arn: 'deployer' };
  readonly state: { roles: Record<string, Role>; managedPolicies: Record<string, ManagedPolicy>; denials: Denial[]; grants: Grant[] } = {
    roles: {},
    managedPolicies: {},
    denials: [],
    grants: [],
  };

  constructor(readonly aws: LocalAws) {}

  /** Every check that was refused. */
  get denials(): readonly Denial[] {
    return this.state.denials;
  }

  /** Every grant that a role ever had, with whether an allowed call needed it. */
  grants(): readonly Grant[] {
    return this.state.grants;
  }

  /**
   * Decides whether the caller may: an explicit Deny wins, then any Allow, else no.
   * @throws AwsError AccessDeniedException
   */
  authorize(caller: Caller, permission: Permission): void {
    if (caller.arn === this.deployer.arn) return;
    const now = this.aws.clock.now;
    const verdict = this.#decide(caller, permission, now);
    if (verdict.effect === 'Allow') {
      this.#markUsed(caller, permission);
      return;
    }
    const transient = caller.roleName !== undefined && this.#decide(caller, permission, Infinity).effect === 'Allow';
    this.state.denials.push({
      time: now,
      role: caller.roleName ?? caller.arn,
      action: permission.action,
      resource: permission.resource,
      transient,
    });
    const kind = caller.roleName === undefined ? 'resource-based' : 'identity-based';
    const because =
      verdict.effect === 'Deny' ? `with an explicit deny in ${verdict.by}` : `because no ${kind} policy allows the ${permission.action} action`;
    throw new AwsError(
      'AccessDeniedException',
      `User: ${caller.arn} is not authorized to perform: ${permission.action} on resource: ${permission.named ?? permission.resource} ${because}`,
    );
  }

  /**
   * Lets a service take a role on behalf of a resource. A new trust policy holds at once here, because AWS services
   * retry while they make the resource. Source: IAM User Guide, id_roles_create_for-service; STS API, AssumeRole.
   * @throws AwsError AccessDeniedException when the role is missing or its trust policy does not allow it
   */
  assume(service: string, roleArn: string, sourceArn: string): Caller {
    const role = Object.values(this.state.roles).find(({ arn }) => arn === roleArn);
    if (!role) throw new AwsError('AccessDeniedException', `${service} cannot assume ${roleArn}: there is no such role`);
    const request = { action: 'sts:AssumeRole', resource: roleArn, context: this.#context({ arn: service, sourceArn }) };
    if (decideByResourcePolicy(role.trust, request, { kind: 'Service', names: [service] }, this.#root()) !== 'Allow')
      throw new AwsError('AccessDeniedException', `${service} cannot assume ${roleArn} for ${sourceArn}: the role's trust policy does not allow it`);
    return { arn: this.#iamArn('sts', `assumed-role/${role.name}/session`), roleName: role.name };
  }

  /** Source: CreateRole. @throws AwsError EntityAlreadyExists, ValidationError; errors of `parsePolicy` */
  createRole(name: string, trust: Json | undefined): Role {
    if (!/^[\w+=,.@-]{1,64}$/.test(name))
      throw new AwsError('ValidationError', `The role name ${name} must have 1 to 64 characters of letters, digits and _+=,.@-`);
    // Names of roles are unique without regard to case. Source: CreateRole, RoleName.
    if (Object.keys(this.state.roles).some((other) => other.toLowerCase() === name.toLowerCase()))
      throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
    const role: Role = {
      name,
      arn: this.#iamArn('iam', `role/${name}`),
      id: `AROA${this.aws.identifier(17, alphabets.base32)}`,
      trust: trustOf(trust, name),
      inline: [],
      attached: [],
      effectiveAt: this.#effectiveAt(),
    };
    this.state.roles[name] = role;
    return role;
  }

  /** @throws errors of `parsePolicy` */
  updateTrust(roleName: string, trust: Json | undefined): void {
    this.role(roleName).trust = trustOf(trust, roleName);
  }

  /** @throws AwsError NoSuchEntity */
  role(name: string): Role {
    const role = this.state.roles[name];
    if (!role) throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
    return role;
  }

  /** Source: DeleteRole. @throws AwsError DeleteConflict while a policy is left on it */
  deleteRole(name: string): void {
    const role = this.role(name);
    if (role.inline.length > 0) throw new AwsError('DeleteConflict', 'Cannot delete entity, must delete policies first.', 409);
    if (role.attached.length > 0) throw new AwsError('DeleteConflict', 'Cannot delete entity, must detach all policies first.', 409);
    delete this.state.roles[name];
  }

  /** Makes the owner's inline policies of a role exactly these. @throws AwsError LimitExceeded; errors of `parsePolicy` */
  putInlinePolicies(roleName: string, owner: string, policies: readonly { name: string; document: Json | undefined }[]): void {
    const role = this.role(roleName);
    const wanted = policies.map(({ name, document }) => ({
      name,
      size: sizeOf(document),
      document: parsePolicy(document, 'identity', `policy ${name} of role ${roleName}`),
    }));
    const others = role.inline.filter((policy) => policy.owner !== owner);
    // A policy has its name once in a role: writing it again replaces it. Source: PutRolePolicy.
    const kept = others.filter(({ name }) => !wanted.some((policy) => policy.name === name));
    const put = wanted.map(({ name, size, document }): InlinePolicy => {
      const old = role.inline.find((policy) => policy.name === name);
      return { name, owner, size, ...this.#versionAfter(old, document) };
    });
    const inline = [...kept, ...put];
    // Source: IAM quotas: 10,240 characters of inline policies in a role, white space not counted.
    if (inline.reduce((total, { size }) => total + size, 0) > 10_240)
      throw new AwsError('LimitExceeded', `Maximum policy size of 10240 bytes exceeded for role ${roleName}`, 409);
    role.inline = inline;
    for (const policy of wanted) this.#noteGrants(roleName, policy);
  }

  /** Makes the owner's managed policies of a role exactly these. @throws AwsError NoSuchEntity; NotModelled for AWS's own policies */
  attachManagedPolicies(roleName: string, owner: string, policyArns: readonly string[]): void {
    const role = this.role(roleName);
    for (const arn of policyArns) this.managedPolicy(arn);
    role.attached = [
      ...role.attached.filter((attachment) => attachment.owner !== owner && !policyArns.includes(attachment.policyArn)),
      ...policyArns.map((policyArn) => role.attached.find((old) => old.policyArn === policyArn) ?? { policyArn, owner, effectiveAt: this.#effectiveAt() }),
    ];
    // Source: IAM quotas: 10 managed policies attached to a role by default.
    if (role.attached.length > 10) throw new AwsError('LimitExceeded', 'Cannot exceed quota for PoliciesPerRole: 10', 409);
    for (const arn of policyArns) this.#noteGrants(roleName, this.managedPolicy(arn));
  }

  /** Source: CreatePolicy. @throws AwsError EntityAlreadyExists, LimitExceeded; errors of `parsePolicy` */
  createManagedPolicy(name: string, document: Json | undefined): ManagedPolicy {
    if (!/^[\w+=,.@-]{1,128}$/.test(name))
      throw new AwsError('ValidationError', `The policy name ${name} must have 1 to 128 characters of letters, digits and _+=,.@-`);
    const arn = this.#iamArn('iam', `policy/${name}`);
    if (this.state.managedPolicies[arn]) throw new AwsError('EntityAlreadyExists', `A policy called ${name} already exists.`, 409);
    const policy: ManagedPolicy = { name, arn, document: managedDocumentOf(document, name), effectiveAt: this.#effectiveAt() };
    this.state.managedPolicies[arn] = policy;
    return policy;
  }

  /** @throws AwsError NoSuchEntity, LimitExceeded; errors of `parsePolicy` */
  updateManagedPolicy(arn: string, document: Json | undefined): void {
    const policy = this.managedPolicy(arn);
    this.state.managedPolicies[arn] = { name: policy.name, arn, ...this.#versionAfter(policy, managedDocumentOf(document, policy.name)) };
    for (const role of this.#rolesWith(arn)) this.#noteGrants(role.name, this.managedPolicy(arn));
  }

  /** @throws AwsError NoSuchEntity; NotModelled for AWS's own policies */
  managedPolicy(arn: string): ManagedPolicy {
    const policy = this.state.managedPolicies[arn];
    if (policy) return policy;
    if (arn.includes(':iam::aws:policy/')) throw new NotModelled(`the managed policy ${arn}`);
    throw new AwsError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`, 404);
  }

  /** Source: DeletePolicy. @throws AwsError DeleteConflict while a role has it */
  deleteManagedPolicy(arn: string): void {
    if (this.#rolesWith(arn).length > 0) throw new AwsError('DeleteConflict', 'Cannot delete a policy attached to entities.', 409);
    delete this.state.managedPolicies[arn];
  }

  #rolesWith(policyArn: string): Role[] {
    return Object.values(this.state.roles).filter(({ attached }) => attached.some((attachment) => attachment.policyArn === policyArn));
  }

  /** What holds at `time` for the caller; at Infinity, what will hold once all is effective. */
  #decide(caller: Caller, permission: Permission, time: number): { effect?: Statement['Effect'] | undefined; by: string } {
    const request: PolicyRequest = {
      action: permission.action,
      resource: permission.resource,
      context: { ...this.#context(caller), ...permission.context },
    };
    const identity = this.#policiesAt(caller.roleName, time).flatMap(({ document }) =>
      document.Statement.filter((statement) => matchesStatement(statement, request)),
    );
    const resource = permission.resourcePolicy && decideByResourcePolicy(permission.resourcePolicy, request, this.#principals(caller), this.#root());
    if (identity.some(({ Effect }) => Effect === 'Deny')) return { effect: 'Deny', by: 'an identity-based policy' };
    if (resource === 'Deny') return { effect: 'Deny', by: 'a resource-based policy' };
    return { effect: resource ?? identity[0]?.Effect, by: 'a policy' };
  }

  #principals(caller: Caller): { kind: 'AWS' | 'Service'; names: string[] } {
    if (caller.roleName === undefined) return { kind: 'Service', names: [caller.arn] };
    return { kind: 'AWS', names: [caller.arn, ...(this.state.roles[caller.roleName] ? [this.role(caller.roleName).arn] : [])] };
  }

  /** The policies of a role as the data plane sees them at `time`. */
  #policiesAt(roleName: string | undefined, time: number): NamedPolicy[] {
    const role = roleName === undefined ? undefined : this.state.roles[roleName];
    if (!role || role.effectiveAt > time) return [];
    const managed = role.attached.filter(({ effectiveAt }) => effectiveAt <= time).map(({ policyArn }) => this.managedPolicy(policyArn));
    return [...role.inline, ...managed].flatMap(({ name, document, effectiveAt, before }) => {
      if (effectiveAt <= time) return [{ name, document }];
      return before ? [{ name, document: before }] : [];
    });
  }

  /** Source: IAM User Guide, reference_policies_condition-keys (global keys); only what this simulator can say truly. */
  #context(caller: Caller): Record<string, string> {
    const context: Record<string, string> = { 'aws:RequestedRegion': this.aws.region };
    if (caller.sourceArn !== undefined) {
      context['aws:SourceArn'] = caller.sourceArn;
      context['aws:SourceAccount'] = this.aws.account;
    }
    if (caller.roleName !== undefined) {
      context['aws:PrincipalArn'] = this.#iamArn('iam', `role/${caller.roleName}`);
      context['aws:PrincipalAccount'] = this.aws.account;
    }
    return context;
  }

  #markUsed(caller: Caller, permission: Permission): void {
    if (caller.roleName === undefined) return;
    const request = { action: permission.action, resource: permission.resource, context: { ...this.#context(caller), ...permission.context } };
    for (const policy of this.#policiesAt(caller.roleName, this.aws.clock.now)) {
      for (const [index, statement] of policy.document.Statement.entries()) {
        if (statement.Effect !== 'Allow' || !matchesStatement(statement, request)) continue;
        for (const grant of this.state.grants) {
          if (grant.roleName !== caller.roleName || grant.policy !== policy.name || grant.statement !== nameOf(statement, index)) continue;
          if (matchesWildcards(grant.action, request.action, true) && matchesWildcards(grant.resource, request.resource)) grant.used = true;
        }
      }
    }
  }

  #noteGrants(roleName: string, policy: NamedPolicy): void {
    for (const [index, statement] of policy.document.Statement.entries()) {
      if (statement.Effect !== 'Allow') continue;
      for (const action of listed(statement.Action)) {
        for (const resource of listed(statement.Resource)) {
          const grant = { roleName, policy: policy.name, statement: nameOf(statement, index), action, resource };
          if (!this.state.grants.some((other) => isSameGrant(other, grant))) this.state.grants.push({ ...grant, used: false });
        }
      }
    }
  }

  #versionAfter(old: PolicyVersion | undefined, document: PolicyDocument): PolicyVersion {
    if (!old) return { document, effectiveAt: this.#effectiveAt() };
    if (JSON.stringify(old.document) === JSON.stringify(document)) return { document, effectiveAt: old.effectiveAt, ...(old.before && { before: old.before }) };
    return { document, effectiveAt: this.#effectiveAt(), ...this.#knownOf(old) };
  }

  /** What the data plane knows of a policy now: the text before it, if any, while the newest is not effective. */
  #knownOf(policy: PolicyVersion): Pick<PolicyVersion, 'before'> {
    if (policy.effectiveAt <= this.aws.clock.now) return { before: policy.document };
    return policy.before ? { before: policy.before } : {};
  }

  /** IAM is eventually consistent: a change takes effect after a while. Source: IAM User Guide, troubleshoot_general. */
  #effectiveAt(): number {
    return this.aws.clock.now + timings.rolePropagation * this.aws.random();
  }

  #root(): string {
    return this.#iamArn('iam', 'root');
  }

  /** ARNs of IAM and of assumed roles have no Region. */
  #iamArn(service: 'iam' | 'sts', resource: string): string {
    return this.aws.arn(service, resource, { region: '' });
  }
}

function nameOf(statement: Statement, index: number): string {
  return statement.Sid ?? String(index + 1);
}

/** The characters of a policy as IAM counts them for its quotas: without white space between tokens. */
function sizeOf(json: Json | undefined): number {
  return JSON.stringify(json ?? null).length;
}

/** Source: IAM quotas: 2,048 characters of trust policy by default. */
function trustOf(json: Json | undefined, roleName: string): PolicyDocument {
  const trust = parsePolicy(json, 'trust', `trust policy of role ${roleName}`);
  if (sizeOf(json) > 2_048) throw new AwsError('LimitExceeded', 'Cannot exceed quota for ACLSizePerRole: 2048', 409);
  return trust;
}

/** Source: IAM quotas: 6,144 characters in a managed policy, white space not counted. */
function managedDocumentOf(json: Json | undefined, name: string): PolicyDocument {
  const document = parsePolicy(json, 'identity', `managed policy ${name}`);
  if (sizeOf(json) > 6_144) throw new AwsError('LimitExceeded', `Cannot exceed quota for PolicySize: 6144 (${name})`, 409);
  return document;
}

function isSameGrant(one: Omit<Grant, 'used'>, other: Omit<Grant, 'used'>): boolean {
  return (['roleName', 'policy', 'statement', 'action', 'resource'] as const).every((part) => one[part] === other[part]);
}
