// What becomes of a rollout whose host is lost in the middle.
import { expect, test } from 'vitest';
import { waitUntil } from '../../testbed/cloud/wait.ts';
import { annotations } from './support/app-state.ts';
import { deploy, fault, noFaults, servedVersion, type TestHost } from './support/cloud.ts';
import { serveFirstVersion, unhealthy } from './support/cut-off.ts';
import { startInstance, stopInstance } from './support/instances.ts';
import { startJob } from './support/jobs.ts';
import { candidateStarting, progressOf } from './support/rollouts.ts';

const short = { timeout: '75s', 'health-timeout': '20s', 'drain-timeout': '5s' };
const lost = ({ instanceId }: TestHost) =>
  `${instanceId}: the agent did not take the command, or was lost while it ran. What serves there is unknown until the host is reached again; it ends the rollout or goes back by itself.`;

test.concurrent('because its agent went offline: the job fails in time and says so; the next deploy takes up what is there', async () => {
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

test.concurrent('because it crashed: the job fails in time and says so; the next deploy finds the old version and goes on', async () => {
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
