import { parameters } from '../../templates/src/parameters';

/** What an update of a parameter does, and whether KMS keys are out of service meanwhile. */
const UPDATES: Record<string, { update: string; outage: string }> = {
  pSystem: { update: 'Replaces supporting resources', outage: 'No' },
  pEnvPurpose: { update: 'Replaces supporting resources', outage: 'No' },
  pKeyStoreName: { update: 'Renames the key store', outage: 'No' },
  pDeleteKeyStoreUponStackDeletion: { update: 'In force from then on', outage: 'No' },
  pKmsUserPasswordRotation: { update: 'Rotates the password of `kmsuser`, if the text is new', outage: 'Yes' },
  pCloudHsmClusterId: { update: 'Moves the key store, if the cluster is related', outage: 'Yes' },
  pCloudHsmAdminPasswordSecretName: { update: 'In force from then on', outage: 'No' },
  pCloudHsmCustCaCertSecretName: { update: 'In force from then on, if it holds the same certificate', outage: 'No' },
  pClientInstanceId: { update: 'In force from then on', outage: 'No' },
};

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

/**
 * The parameters of the template as a Markdown table.
 * @throws Error for a parameter of which nothing says what an update does
 */
export function parameterTable(): string {
  const rows = Object.entries(parameters()).map(([name, { Default, Description = '', AllowedPattern, AllowedValues, MinLength, MaxLength, ConstraintDescription }]) => {
    const onUpdate = UPDATES[name];
    if (!onUpdate) throw new Error(`docs/src/parameter-table.ts does not say what an update of ${name} does`);
    const pattern = AllowedPattern === undefined ? (AllowedValues ?? []).map((value) => code(`${value}`)).join(' or ') : code(AllowedPattern);
    const length = MaxLength === undefined ? '' : ` (${MinLength ?? 0} to ${MaxLength} characters)`;
    const required = Default === undefined ? 'yes' : 'no';
    const given = pattern ? `${pattern}${length}` : (ConstraintDescription ?? '');
    return [code(name), required, Default === undefined ? '–' : Default === '' ? 'empty' : code(`${Default}`), Description, given, onUpdate.update, onUpdate.outage];
  });
  const head = ['Parameter', 'Required', 'Default', 'What it is', 'What it takes', 'Update', 'Outage'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
