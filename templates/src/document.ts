import Document from 'cloudform-types/types/ssm/document';
import { IDS } from './names';

/** Seconds that the script may run: a wait for the lock, and its runs of the CLI, each bounded by the script. */
const SCRIPT_SECONDS = '280';

/** The SSM document: a fixed script and strictly patterned parameters. It has no name, because a named one cannot be changed in place. */
export function document(script: string) {
  return {
    [IDS.document]: new Document({
      DocumentType: 'Command',
      TargetType: '/AWS::EC2::Instance',
      Content: {
        schemaVersion: '2.2',
        description: 'Looks at, creates, resets or deletes the HSM user kmsuser with cloudhsm-cli.',
        parameters: {
          Action: { type: 'String', allowedValues: ['inspect', 'create', 'reset', 'delete', 'forget'] },
          Cluster: { type: 'String', allowedPattern: '^cluster-[2-7a-zA-Z]{11,16}$' },
          Stack: { type: 'String', allowedPattern: '^[0-9a-f-]{36}$' },
          Key: { type: 'String', default: 'none', allowedPattern: '^(none|[0-9]{10}-[0-9a-f]{16})$' },
          Envelope: { type: 'String', default: 'none', allowedPattern: '^[A-Za-z0-9+/=]+$', minChars: 4, maxChars: 1024 },
        },
        mainSteps: [
          {
            action: 'aws:runShellScript',
            name: 'manageKmsUser',
            precondition: { StringEquals: ['platformType', 'Linux'] },
            inputs: { timeoutSeconds: SCRIPT_SECONDS, runCommand: [script] },
          },
        ],
      },
    }),
  };
}
