import type { Scenario } from '../scenario';
import type { World } from '../world';

/** Half a minute into the delete, when the key store is DISCONNECTING, somebody stops its execution by hand. */
export const scenario: Scenario = {
  shows: "The delete's execution is stopped by hand: CloudFormation is told within two minutes, and deleting again works",
  steps: [
    { do: 'create', ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 35 * 60 },
    {
      do: 'delete',
      during: { seconds: 30, happens: stopDelete },
      ends: 'DELETE_FAILED',
      reason: 'Execution arn:',
      keyStore: 'DISCONNECTING',
      within: 30 + 120,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'DISCONNECTED', within: 15 * 60 },
  ],
  leaves: [/^key store cks-\w+ \(DISCONNECTED\)$/, 'user kmsuser in the cluster'],
};

async function stopDelete({ account: { aws, states } }: World): Promise<void> {
  const running = Object.values(states.state.executions).find(({ machineName, status }) => machineName.endsWith('-delete-key-store') && status === 'RUNNING');
  await aws.call(aws.iam.deployer, 'states', 'StopExecution', { executionArn: running?.arn ?? '' });
}
