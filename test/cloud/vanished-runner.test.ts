// What becomes of a rollout whose runner vanishes, with nobody left to take it back.
import { expect, test } from 'vitest';
import { waitUntil } from '../../testbed/cloud/wait.ts';
import type { ProbeReport } from '../../testbed/probe/probe.ts';
import { deploy, repository, type TestHost } from './support/cloud.ts';
import {
  expectTakenBack,
  probeVersions,
  type Served,
  serveFirstVersion,
  unhealthy,
  unproven,
} from './support/cut-off.ts';
import { startVanishingJob } from './support/jobs.ts';
import { cancelCommand, candidateStarting, leaseOf, progressOf, trafficMoved } from './support/rollouts.ts';

/** Seconds after which the host goes back by itself. */
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

test.concurrent('while the candidate starts: the host goes back, and the next deploy waits for the lease to end', async () => {
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

test.concurrent('after the traffic has moved: the host moves it back', async () => {
  const served = await serveFirstVersion('vanished');

  const { candidate, report } = await vanish(served, unproven, trafficMoved);

  await expectTakenBack(served, candidate);
  expect(report).toMatchObject({ failed: 0, reasons: {} });
  expect(Object.keys(report.labels)).toEqual(['version 1', 'version unproven']);
  await served.host.giveBack();
}, 300_000);
