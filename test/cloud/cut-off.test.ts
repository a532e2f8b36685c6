// What becomes of a rollout that is cut off in the middle: its runner vanishes, with nobody left to take it back, or its host is lost.
// Each waits for its time to pass, so that all go on side by side.
import { describe, expect, test } from 'vitest';
import { waitUntil } from '../../testbed/cloud/wait.ts';
import type { ProbeReport } from '../../testbed/probe/probe.ts';
import { annotations } from './support/app-state.ts';
import { deploy, fault, noFaults, repository, servedVersion, type TestHost } from './support/cloud.ts';
import {
  expectTakenBack,
  probeVersions,
  type Served,
  serveFirstVersion,
  unhealthy,
  unproven,
} from './support/cut-off.ts';
import { startInstance, stopInstance } from './support/instances.ts';
import { startJob, startVanishingJob } from './support/jobs.ts';
import { cancelCommand, candidateStarting, leaseOf, progressOf, trafficMoved } from './support/rollouts.ts';

/** Seconds that a rollout has: then the host goes back by itself, and the job gives up. */
const timeout = 75;

/**
 * Takes the runner away in the middle of a rollout and kills the host's program, as the agent does on a cancel or a timeout; waits
 * until the host has gone back.
 */
async function vanish(
  served: Served,
  inputs: Record<string, string>,
  inTheMiddle: (host: TestHost, app: string) => Promise<string>,
): Promise<{ candidate: string; runUrl: string; report: ProbeReport }> {
  const { host, app } = served;
  const probe = probeVersions(served);
  const started = Date.now();
  const job = startVanishingJob(host, {
    ...{
      repository,
      'app-name': app,
      timeout: `${timeout}s`,
      'health-timeout': '60s',
      'drain-timeout': '5s',
    },
    ...inputs,
  });
  const candidate = await inTheMiddle(host, app);
  const [, command = ''] = await job.says(/^Command (\S+): https.*\n?$/);
  job.vanish();
  await cancelCommand(command);
  expect(await progressOf(host, app)).toMatchObject({ candidate });
  await waitUntil(
    `${app} to go back by itself`,
    timeout + 60,
    async () => (await progressOf(host, app)) === undefined,
  );
  expect(Date.now() - started).toBeGreaterThanOrEqual((timeout - 1) * 1000);
  return { candidate, runUrl: job.runUrl, report: await probe.stop() };
}

const short = { timeout: `${timeout}s`, 'health-timeout': '20s', 'drain-timeout': '5s' };
const lost = ({ instanceId }: TestHost) =>
  `${instanceId}: the agent did not take the command, or was lost while it ran. What serves there is unknown until the host is reached again; it ends the rollout or goes back by itself.`;

describe.concurrent('a rollout whose runner vanishes', () => {
  test('while the candidate starts: the host goes back, and the next deploy waits for the lease to end', async () => {
    const served = await serveFirstVersion('vanished');
    const { host, app, image, release } = served;

    const { candidate, runUrl, report } = await vanish(served, { ...image, ...unhealthy }, candidateStarting);

    await expectTakenBack(served, candidate);
    expect(report).toMatchObject({ failed: 0, reasons: {} });
    expect(Object.keys(report.labels)).toEqual(['version 1']);
    const { deadline } = await leaseOf(app);
    const next = await deploy(host, {
      'app-name': app,
      ...image,
      env: 'AGAIN=yes',
      'wait-for-lease': '5m',
    });
    expect(next.log).toContain(`Waiting for the rollout of ${runUrl}, which must end by ${deadline}`);
    expect(next.outputs).toMatchObject({ verdict: 'deployed', 'previous-release': release });
    await host.giveBack();
  }, 400_000);

  test('after the traffic has moved: the host moves it back', async () => {
    const served = await serveFirstVersion('vanished');

    const { candidate, report } = await vanish(served, unproven, trafficMoved);

    await expectTakenBack(served, candidate);
    expect(report).toMatchObject({ failed: 0, reasons: {} });
    expect(Object.keys(report.labels)).toEqual(['version 1', 'version unproven']);
    await served.host.giveBack();
  }, 300_000);
});

describe.concurrent('a rollout whose host is lost', () => {
  test('because its agent went offline: fails in time and says so; the next deploy takes up what is there', async () => {
    const served = await serveFirstVersion('offline');
    const { host, app, image } = served;
    const job = startJob(host, { 'app-name': app, ...image, env: 'UNSEEN=yes', ...short });
    const [, unseen = ''] = await job.says(/^Rolling out (\S+) by/);
    await waitUntil(
      'the rollout to be on the host',
      300,
      async () => (await progressOf(host, app)) !== undefined,
    );

    await fault({ agentOffline: host.instanceId });
    const result = await job.ended;

    expect(result.outputs['verdict']).toBe('failed');
    expect(annotations(result, 'error')).toContain(lost(host));
    await noFaults();
    const next = await deploy(host, { 'app-name': app, ...image, env: 'AGAIN=yes' });
    expect(next.outputs).toMatchObject({ verdict: 'deployed', 'previous-release': unseen });
    expect(await servedVersion(host)).toBe('1');
    await host.giveBack();
  });

  test('because it crashed: fails in time and says so; the next deploy finds the old version and goes on', async () => {
    const served = await serveFirstVersion('crashed');
    const { host, app, image, release } = served;
    const job = startJob(host, { 'app-name': app, ...image, ...unhealthy, ...short });
    await candidateStarting(host, app);

    await fault({ stopHost: host.instanceId });
    const result = await job.ended;

    expect(result.outputs['verdict']).toBe('failed');
    expect(annotations(result, 'error')).toContain(lost(host));
    await stopInstance(host.instanceId);
    const address = await startInstance(host.instanceId);
    expect(await servedVersion({ ...host, address })).toBe('1');
    const next = await deploy(host, { 'app-name': app, ...image, env: 'AGAIN=yes' });
    expect(next.outputs).toMatchObject({ verdict: 'deployed', 'previous-release': release });
    await host.giveBack();
  });
});
