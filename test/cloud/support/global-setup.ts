import { down, up } from '../../../testbed/cloud/lifecycle.ts';
import { testClouds } from './name.ts';

const removed = 'TEST_CLOUDS_REMOVED';

/** Starts the tests' clouds; KEEP_CLOUD=1 leaves them running for the next run. */
export async function setup(): Promise<void> {
  await Promise.all(testClouds.map((name) => up({ name, hosts: 0 })));
}

export async function teardown(): Promise<void> {
  if (process.env['KEEP_CLOUD'] === '1' || process.env[removed] !== undefined) return;
  // Each project of vitest that names this file ends with it, all in one process.
  process.env[removed] = 'yes';
  await Promise.all(testClouds.map((name) => down(name)));
}
