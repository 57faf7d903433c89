import type { Scenario } from '../scenario';
import type { World } from '../world';

const weeksPass = ({ account }: World): void => account.lambda.letIdle();
const rotation = { pKmsUserPasswordRotation: '2026-11' };

export const scenario: Scenario = {
  shows: 'Functions that nobody has called for weeks are refused at first, and waited for: at an update, and again at the delete',
  steps: [
    { do: 'create', parameters: { pDeleteKeyStoreUponStackDeletion: 'true' }, ends: 'CREATE_COMPLETE', keyStore: 'CONNECTED', within: 900 },
    { do: 'update', parameters: rotation, before: weeksPass, ends: 'UPDATE_COMPLETE', keyStore: 'CONNECTED', within: 1300 },
    { do: 'delete', before: weeksPass, ends: 'DELETE_COMPLETE', keyStore: 'none', within: 900 },
  ],
};
