import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'A file stands where the script needs a directory: it stops, and says so',
  before: ({ account }) => {
    const { folder = '' } = account.ssm.state.instances[0] ?? {};
    writeFileSync(path.join(folder, 'run/cloudhsm-key-store'), '');
  },
  findings: ['The client script stopped'],
  within: 150,
  leaves: [/^file cloudhsm-key-store/],
});
