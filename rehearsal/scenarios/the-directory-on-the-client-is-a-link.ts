import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'Somebody put a symbolic link in place of the directory for keys: it is not followed',
  before: ({ account }) => {
    const { folder = '' } = account.ssm.state.instances[0] ?? {};
    symlinkSync(path.join(folder, 'root'), path.join(folder, 'run/cloudhsm-key-store'));
  },
  findings: ['The client has an unsafe directory'],
  within: 150,
});
