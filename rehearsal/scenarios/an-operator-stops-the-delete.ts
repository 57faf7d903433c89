import type { Scenario } from '../scenario';
import type { World } from '../world';

/**
 * Half a minute into the delete, when the key store is DISCONNECTING, somebody stops its execution by hand, and runs it again by hand.
 * Deleting again supersedes that one.
 */
export const scenario: Scenario = {
  shows: "The delete's execution is stopped and run again by hand: CloudFormation is told within two minutes, and deleting again takes over",
  steps: [
    { do: 'create', ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 35 * 60 },
    {
      do: 'delete',
      during: { when: 30, happens: stopAndRunAgain },
      ends: 'DELETE_FAILED',
      reason: 'The execution ended ABORTED before it answered. Try again',
      keyStore: 'DISCONNECTING',
      within: 30 + 120,
    },
    { do: 'delete', ends: 'DELETE_COMPLETE', keyStore: 'DISCONNECTED', within: 15 * 60 },
  ],
  leaves: [/^key store cks-\w+ \(DISCONNECTED\)$/, 'user kmsuser in the cluster'],
};

async function stopAndRunAgain({ account: { aws, states } }: World): Promise<void> {
  const running = Object.values(states.state.executions).find(({ machineName, status }) => machineName.endsWith('-delete-key-store') && status === 'RUNNING');
  if (!running) throw new Error('No execution of the delete machine is running');
  await aws.call(aws.iam.deployer, 'states', 'StopExecution', { executionArn: running.arn });
  await aws.clock.sleep(5_000);
  // As the console's "New execution" does: with the input of the old one.
  await aws.call(aws.iam.deployer, 'states', 'StartExecution', { stateMachineArn: running.machineArn, name: 'by-hand', input: running.input });
  await aws.clock.sleep(15_000);
}
