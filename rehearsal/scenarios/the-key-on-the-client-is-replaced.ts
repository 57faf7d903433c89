import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { commandIs } from '../by-hand';
import { failedCreate } from '../failed-create';

export const scenario = failedCreate({
  shows: 'Somebody puts another key in place of the one on the client: nothing can be decrypted',
  during: {
    when: commandIs('inspect', 'Success'),
    happens: (world) => {
      const folder = path.join(world.account.ssm.state.instances[0]?.folder ?? '', 'run/cloudhsm-key-store');
      const [key = ''] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.pem'));
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
      writeFileSync(path.join(folder, key), privateKey.export({ type: 'pkcs1', format: 'pem' }));
    },
  },
  reason: 'The client could not read the command',
  within: 300,
});
