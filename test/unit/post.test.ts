import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cleanUp } from '../../src/post.ts';
import type { Memory } from '../../src/run.ts';

/** What a job keeps that is cut off while it builds: docker is logged in, and that is all. */
async function whileBuilding(): Promise<Memory> {
  const dockerConfig = await mkdtemp(join(tmpdir(), 'login-'));
  await writeFile(join(dockerConfig, 'config.json'), '{"auths":{"registry":{"auth":"c2VjcmV0"}}}');
  const leaseAsked = false;
  return {
    region: '',
    appName: 'shop',
    ssmDocument: '',
    holder: 'me',
    dockerConfig,
    leaseAsked,
    rollout: undefined,
  };
}

test('takes the login to the registry away', async () => {
  const memory = await whileBuilding();

  expect(await cleanUp(memory, () => undefined)).toEqual([]);

  expect(existsSync(memory.dockerConfig)).toBe(false);
});

test('takes it away also when something before it fails, and says what', async () => {
  // Without a region there is nobody to ask for the lease.
  const memory = { ...(await whileBuilding()), leaseAsked: true };

  const failures = await cleanUp(memory, () => undefined);

  expect(failures).toEqual([expect.stringContaining('Region is missing')]);
  expect(existsSync(memory.dockerConfig)).toBe(false);
});
