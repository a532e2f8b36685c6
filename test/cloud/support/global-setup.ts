import { down, up } from '../../../testbed/cloud/lifecycle.ts';
import { testCloud } from './name.ts';

/** Starts the tests' cloud; KEEP_CLOUD=1 leaves it running for the next run. */
export async function setup(): Promise<void> {
  await up({ name: testCloud, hosts: 0 });
}

export async function teardown(): Promise<void> {
  if (process.env['KEEP_CLOUD'] !== '1') await down(testCloud);
}
