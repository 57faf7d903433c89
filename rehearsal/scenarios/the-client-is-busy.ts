import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'Another command of this template holds the lock on the client for longer than a minute',
  before: async ({ account }) => {
    const directory = path.join(account.ssm.state.instances[0]?.folder ?? '', 'run/cloudhsm-key-store');
    mkdirSync(directory, { mode: 0o700 });
    // It holds the lock until its folder is gone, with the world.
    const holder = spawn('flock', [directory, 'sh', '-c', 'echo locked; while [ -d "$1" ]; do sleep 0.2; done', 'sh', directory], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
  },
  findings: ['The client is busy'],
  within: 150,
});
