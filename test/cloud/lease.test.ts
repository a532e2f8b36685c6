// Deploys of one app at the same time.
import { GetCommandInvocationCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ActionResult } from '../../testbed/runner/run.ts';
import { annotations, containersOf, ledgerOf, newAppName } from './support/app-state.ts';
import {
  appFolder,
  type BorrowedHost,
  borrowHost,
  deploy,
  repository,
  servedVersion,
} from './support/cloud.ts';
import { ssm } from './support/front.ts';
import { startJob } from './support/jobs.ts';
import { moveTag, pushedVersion } from './support/registry.ts';
import { candidateStarting, leaseOf } from './support/rollouts.ts';

const app = newAppName('shared');
let host: BorrowedHost;

beforeAll(async () => {
  host = await borrowHost();
});

afterAll(() => host.giveBack());

/** When the rollout's command ran on the host; it is the last that a deploy sends. */
async function timeOnHost({ outputs }: ActionResult): Promise<{ start: string; end: string }> {
  const CommandId = outputs['command-ids']?.split(',').at(-1);
  const { ExecutionStartDateTime: start = '', ExecutionEndDateTime: end = '' } = await ssm.send(
    new GetCommandInvocationCommand({ CommandId, InstanceId: host.instanceId }),
  );
  return { start, end };
}

describe('two deploys at once', () => {
  let results: ActionResult[];

  beforeAll(async () => {
    const versions = ['1', '2'];
    // Both commits were built before: what the two builds have in common is the tag that each of them moves.
    const [, digest = ''] = (await pushedVersion('3')).split('@');
    for (const version of versions) await moveTag(repository, version.repeat(40), digest);
    // Neither finds a record of the lease: this is the app's first deploy.
    results = await Promise.all(
      versions.map((version) =>
        deploy(
          host,
          { 'app-name': app, context: appFolder, 'build-args': `VERSION=${version}` },
          { sha: version.repeat(40), runId: version },
        ),
      ),
    );
    results.sort((a, b) => Number(a.outputs['release']?.[1]) - Number(b.outputs['release']?.[1]));
  });

  test('both end deployed, and the second one serves', async () => {
    const [first, second] = results;

    const logs = results.map(({ log }) => log).join('\n');
    expect(
      results.map(({ outputs }) => outputs['verdict']),
      logs,
    ).toEqual(['deployed', 'deployed']);
    expect(first?.outputs['previous-release']).toBe('');
    expect(second?.outputs['previous-release']).toBe(first?.outputs['release']);
    expect(await ledgerOf(app)).toMatchObject({
      live: second?.outputs['release'],
      releases: [second?.outputs['release'], first?.outputs['release']],
    });
    expect(second?.log).toContain(`VERSION=${await servedVersion(host)}`);
    expect(first?.outputs['image-digest']).not.toBe(second?.outputs['image-digest']);
  });

  test('are on the host one after the other', async () => {
    const [first, second] = await Promise.all(results.map(timeOnHost));

    expect(first?.end).toMatch(/^\d{4}-/);
    expect(second?.start.localeCompare(first?.end ?? '')).toBeGreaterThanOrEqual(0);
  });
});

test('a deploy that waits too long for another fails, names it, and changes nothing', async () => {
  const image = { image: `${repository}:${'1'.repeat(40)}` };
  const unhealthy = { env: 'HEALTH_STATUS=503', 'health-timeout': '60s' };
  const holder = startJob(host, { 'app-name': app, ...image, ...unhealthy }, { runId: '4711' });
  await candidateStarting(host, app);
  const [lease, containers] = await Promise.all([leaseOf(app), containersOf(host, app)]);

  const result = await deploy(host, { 'app-name': app, ...image, env: 'NEW=yes', 'wait-for-lease': '2s' });

  expect(result.exitCode).not.toBe(0);
  expect(result.outputs['verdict']).toBe('failed');
  expect(lease.runUrl).toMatch(/^https:\/\/github\.com\/.+\/actions\/runs\/4711$/);
  expect(annotations(result, 'error')).toContain(
    `Another rollout holds the lease: ${lease.runUrl}, which must end by ${lease.deadline}. Wait for it, or raise wait-for-lease.`,
  );
  // The inspection is all that it sent.
  expect(result.outputs['command-ids']).toMatch(/^[0-9a-f-]{36}$/);
  expect(await containersOf(host, app)).toEqual(containers);
  expect(await leaseOf(app)).toEqual(lease);
  await holder.cancel();
});
