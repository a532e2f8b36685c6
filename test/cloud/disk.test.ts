// What a deploy does when the host's disk is full, or gets full on the way.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Probe, startProbe } from '../../testbed/probe/probe.ts';
import type { ActionResult } from '../../testbed/runner/run.ts';
import { annotations, containersOf, newAppName, statusOf } from './support/app-state.ts';
import {
  type BorrowedHost,
  borrowHost,
  deploy,
  fault,
  noFaults,
  repository,
  servedVersion,
} from './support/cloud.ts';
import { startJob } from './support/jobs.ts';
import { candidateStarting, progressOf, trafficMoved } from './support/rollouts.ts';

const app = newAppName('full');
const support = `${import.meta.dirname}/support`;
let host: BorrowedHost;
let probe: Probe;
let first: ActionResult;

beforeAll(async () => {
  host = await borrowHost();
  first = await deploy(host, { 'app-name': app, version: '1' });
  probe = startProbe({ address: host.address, ratePerSecond: 5 });
});

afterEach(() => noFaults());

afterAll(() => host.giveBack());

/** Version 1 serves, nothing of the refused release is left, and the job says why. */
async function expectRefused(result: ActionResult, ...reasons: RegExp[]): Promise<void> {
  for (const reason of reasons) expect(annotations(result, 'error')).toMatch(reason);
  expect(result.outputs['verdict']).toBe('rolled-back');
  expect(await servedVersion(host)).toBe('1');
  expect(await containersOf(host, app)).toEqual([`${app}-proxy-80`, `${app}-${first.outputs['release']}`]);
  expect(await progressOf(host, app)).toBeUndefined();
  expect(await statusOf(app, result.outputs['release'] ?? '')).toBe('rolled-back');
}

describe('a disk that is full', () => {
  test('before the rollout: refused, with the figures', async () => {
    await fault({ fullDisk: host.instanceId });

    const result = await deploy(host, { 'app-name': app, version: '2' });

    await expectRefused(
      result,
      /the host has 0 MiB free where docker keeps its images and needs about 2\d\d MiB\. Remove what is not needed, lower keep-releases, or enlarge the volume\./i,
    );
  });

  test('while the image is pulled: refused, with what docker said', async () => {
    await host.shell(
      `fallocate --length $(($(df --block-size=1 --output=avail /opt/host/disk | tail -n 1) - 300 * 1024 * 1024)) /opt/host/disk/filler`,
    );

    const result = await deploy(host, { 'app-name': app, context: `${support}/swelling-app` });
    await host.shell('rm /opt/host/disk/filler');

    await expectRefused(result, /the host's disk filled up while pulling .+: .*no space left on device/i);
  });

  test('while the candidate starts: the old version goes on', async () => {
    const image = { image: `${repository}@${first.outputs['image-digest']}` };
    const job = startJob(host, {
      'app-name': app,
      ...image,
      env: 'HEALTH_STATUS=503',
      'health-timeout': '10s',
    });
    await candidateStarting(host, app);
    await fault({ fullDisk: host.instanceId });

    await expectRefused(await job.ended, /The container answered 503 to GET \/health/);
  });

  test('after the traffic has moved: it is moved back', async () => {
    const job = startJob(host, { 'app-name': app, context: `${support}/unproven-app` });
    await trafficMoved(host, app);
    await fault({ fullDisk: host.instanceId });

    await expectRefused(await job.ended, /answers on port 80 do not come from the new release/i);
  });
});

test('with room again the next deploy goes through, and no request was lost in all that', async () => {
  const result = await deploy(host, { 'app-name': app, version: '2' });
  const { failed, reasons } = await probe.stop();

  expect(result.outputs).toMatchObject({ verdict: 'deployed', 'previous-release': first.outputs['release'] });
  expect(await servedVersion(host)).toBe('2');
  expect({ failed, reasons }).toEqual({ failed: 0, reasons: {} });
});
