import { KeyPool } from '../../simulator/ssm/key-pool';
import { lead, type Life } from '../../rehearsal/promises/lead';
import { openWorld, type World } from '../../rehearsal/world';

export type { Life };

const open: World[] = [];
/** For the lives of one test file: keys are real, and made once. */
const keyPool = new KeyPool();

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ account }) => account.close()));
});

/**
 * Opens a world for a test; it is closed when the test is over.
 * @param change what is different about the template's text
 */
export async function openLife({ seed = 1, change = (body) => body }: { seed?: number; change?: (body: string) => string } = {}): Promise<Life> {
  const world = await openWorld({ seed, keyPool });
  open.push(world);
  return lead(world, change(world.templateBody));
}
