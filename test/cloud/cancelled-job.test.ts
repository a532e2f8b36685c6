// What becomes of a rollout whose job is cancelled.
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { outputNames } from '../../src/outputs.ts';
import { waitUntil } from '../../testbed/cloud/wait.ts';
import type { Probe } from '../../testbed/probe/probe.ts';
import type { ActionResult } from '../../testbed/runner/run.ts';
import { annotations, ledgerOf, statusOf } from './support/app-state.ts';
import { callsOf, deny, newCaller } from './support/callers.ts';
import { type BorrowedHost, deploy, fault, noFaults } from './support/cloud.ts';
import {
  expectTakenBack,
  probeVersions,
  type Served,
  serveFirstVersion,
  unhealthy,
  unproven,
} from './support/cut-off.ts';
import { ssm } from './support/front.ts';
import { type Job, startJob } from './support/jobs.ts';
import { candidateStarting, leaseOf, trafficMoved } from './support/rollouts.ts';

let served: Served<BorrowedHost>;
let probe: Probe;

beforeAll(async () => {
  served = await serveFirstVersion('cancelled');
  probe = probeVersions(served);
});

afterAll(async () => {
  await noFaults();
  await served.host.giveBack();
});

function start(inputs: Record<string, string>, environment?: Record<string, string>): Job {
  return startJob(
    served.host,
    { 'app-name': served.app, 'health-timeout': '60s', ...inputs },
    environment === undefined ? {} : { environment },
  );
}

function expectCancelled(result: ActionResult): void {
  expect(result).toMatchObject({ conclusion: 'cancelled', post: { exitCode: 0 } });
  expect(annotations(result, 'warning')).toBe('');
  expect(Object.keys(result.outputs).sort()).toEqual(Object.values(outputNames).sort());
  expect(result.outputs['verdict']).toBe('failed');
}

test('while it builds: nothing has happened', async () => {
  const job = start({ context: `${import.meta.dirname}/support/endless-build` });
  await job.says(/^(?!.*echo).*building$/);

  expectCancelled(await job.cancel());

  expect(await ledgerOf(served.app)).toMatchObject({ releases: [served.release], unproven: [] });
  expect(await leaseOf(served.app)).toMatchObject({ holder: '' });
});

test('while it waits for the lease: the holder keeps it', async () => {
  const lease = {
    holder: 'somebody',
    runUrl: 'https://github.com/org/shop/actions/runs/7',
    deadline: new Date(Date.now() + 600_000).toISOString(),
  };
  await writeLease(served.app, lease);
  const job = start({ ...served.image, ...unhealthy });
  await job.says(/^Waiting for the rollout of https:\/\/github\.com\/org\/shop\/actions\/runs\/7/);

  expectCancelled(await job.cancel());

  expect(await leaseOf(served.app)).toEqual(lease);
  await writeLease(served.app, { holder: '', runUrl: '', deadline: '' });
});

test('while it writes down that it begins', async () => {
  const caller = newCaller();
  const { AWS_ACCESS_KEY_ID: accessKeyId } = caller;
  await fault({ service: 'ssm', operation: 'PutParameter', delayMs: 1500, accessKeyId, times: 3 });
  const job = start({ ...served.image, ...unhealthy }, caller);
  let release = '';
  await waitUntil('the entry of the release to be written', 300, async () => {
    const names = (await callsOf(caller)).map(({ parameters }) => String(parameters['Name']));
    release =
      names
        .find((name) => name.includes('/releases/'))
        ?.split('/')
        .at(-1) ?? '';
    return release !== '' && (await statusOf(served.app, release)) === 'rolling-out';
  });

  expectCancelled(await job.cancel());

  await expectTakenBack(served, release);
  expect(await statusOf(served.app, release)).toBe('rolled-back');
});

test('as its command is on the way to the host, and gets there after the way back', async () => {
  const caller = newCaller();
  const job = start({ ...served.image, env: 'LATE=yes' }, caller);
  await job.says(/^The host \S+ is ready/);
  const { AWS_ACCESS_KEY_ID: accessKeyId } = caller;
  await fault({ service: 'ssm', operation: 'SendCommand', delayMs: 10_000, accessKeyId, times: 1 });
  await waitUntil('the command to be sent', 300, async () => (await sentCommands()).length === 2);

  expectCancelled(await job.cancel());

  async function sentCommands() {
    return (await callsOf(caller)).filter(({ operation }) => operation === 'SendCommand');
  }
  const release = (await ledgerOf(served.app)).unproven[0] ?? '';
  await waitUntil('the late command to have ended', 300, async () =>
    (await served.host.shell(`cat /var/lib/ec2-deploy/${served.app}/log`)).includes('refused: given-up'),
  );
  await expectTakenBack(served, release);
  expect(await statusOf(served.app, release)).toBe('rolled-back');
});

test('while the candidate gets healthy', async () => {
  const job = start({ ...served.image, ...unhealthy });
  const release = await candidateStarting(served.host, served.app);

  expectCancelled(await job.cancel());

  await expectTakenBack(served, release);
  expect(await statusOf(served.app, release)).toBe('rolled-back');
  expect(await leaseOf(served.app)).toMatchObject({ holder: '' });
});

test('while the candidate gets healthy, and AWS does not kill the command', async () => {
  const caller = newCaller();
  await deny('ssm:CancelCommand', caller.AWS_ACCESS_KEY_ID);
  const job = start({ ...served.image, ...unhealthy }, caller);
  const release = await candidateStarting(served.host, served.app);

  expectCancelled(await job.cancel());

  await expectTakenBack(served, release);
  expect(await statusOf(served.app, release)).toBe('rolled-back');
});

test('right after the traffic has moved', async () => {
  const job = start(unproven);
  const release = await trafficMoved(served.host, served.app);

  const result = await job.cancel();

  expectCancelled(result);
  expect(result.log).toContain(
    `The rollout of ${release} was cut off: bringing back ${served.host.instanceId}`,
  );
  expect(result.log).toMatch(new RegExp(`^${served.release} serves\\. \\(after \\d+ s\\)$`, 'm'));
  await expectTakenBack(served, release);
  expect(await statusOf(served.app, release)).toBe('rolled-back');
});

test('loses no request, and the next deploy does not wait', async () => {
  const result = await deploy(served.host, { 'app-name': served.app, ...served.image, env: 'AGAIN=yes' });
  const { failed, reasons, labels } = await probe.stop();

  expect(result.outputs).toMatchObject({ verdict: 'deployed', 'previous-release': served.release });
  expect(result.log).not.toContain('Waiting for the rollout');
  expect({ failed, reasons }).toEqual({ failed: 0, reasons: {} });
  expect(Object.keys(labels)).toEqual(['version 1', 'version unproven']);
});

async function writeLease(app: string, lease: Record<string, string>): Promise<void> {
  await ssm.send(
    new PutParameterCommand({
      ...{ Name: `/ec2-deploy/${app}/lease`, Value: JSON.stringify(lease), Type: 'String', Overwrite: true },
    }),
  );
}
