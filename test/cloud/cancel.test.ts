// What becomes of a rollout that is cut off: by a cancelled job, a runner that vanishes, a host that is lost.
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { outputNames } from '../../src/outputs.ts';
import { waitUntil } from '../../testbed/cloud/wait.ts';
import { type Probe, type ProbeReport, startProbe } from '../../testbed/probe/probe.ts';
import type { ActionResult } from '../../testbed/runner/run.ts';
import { annotations, containersOf, ledgerOf, newAppName, statusOf } from './support/app-state.ts';
import { callsOf, deny, newCaller } from './support/callers.ts';
import {
  deploy,
  fault,
  noFaults,
  repository,
  servedVersion,
  startHost,
  type TestHost,
} from './support/cloud.ts';
import { ssm } from './support/front.ts';
import { type Job, startJob, startVanishingJob } from './support/jobs.ts';
import { cancelCommand, candidateStarting, journalOf, leaseOf, trafficMoved } from './support/rollouts.ts';

/** An app that keeps a rollout at the switch, as a job of a test needs it. */
const unproven = { context: `${import.meta.dirname}/support/unproven-app`, 'build-args': 'VERSION=unproven' };
/** Keeps a rollout at the wait for the candidate's health. */
const unhealthy = { env: 'HEALTH_STATUS=503' };

/** For tests that take up what the one before left. */
const inTurn = { concurrent: false };

interface Served {
  host: TestHost;
  app: string;
  /** What serves: version 1. */
  release: string;
  /** Its image, for deploys that need no build. */
  image: Record<string, string>;
}

const hosts: TestHost[] = [];

afterAll(async () => {
  await noFaults();
  await Promise.all(hosts.map((host) => host.terminate()));
});

/** A host of its own with version 1 of an app of its own. */
async function serveFirstVersion(name: string): Promise<Served> {
  const app = newAppName(name);
  const host = await startHost();
  hosts.push(host);
  const { outputs } = await deploy(host, { 'app-name': app, 'build-args': 'VERSION=1' });
  const image = { image: `${repository}@${outputs['image-digest']}`, context: '' };
  return { host, app, release: outputs['release'] ?? '', image };
}

function probeVersions({ host }: Served): Probe {
  const labelOf = ({ body }: { body: string }) => `version ${JSON.parse(body).version}`;
  return startProbe({ address: host.address, ratePerSecond: 50, labelOf });
}

/** Nothing of the candidate is left, and the ledger knows. */
async function expectTakenBack({ host, app, release }: Served, candidate: string): Promise<void> {
  expect(await servedVersion(host)).toBe('1');
  expect(await containersOf(host, app)).not.toContain(`${app}-${candidate}`);
  expect(await journalOf(host, app)).toBeUndefined();
  expect((await ledgerOf(app)).live).toBe(release);
}

// Most of the time passes in waiting, so the three go on side by side, each on hosts of its own.
describe.concurrent('cut off', () => {
  describe('a job that is cancelled', () => {
    let served: Served;
    let probe: Probe;

    beforeAll(async () => {
      served = await serveFirstVersion('cancelled');
      probe = probeVersions(served);
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

    test('while it builds: nothing has happened', inTurn, async () => {
      const job = start({ context: `${import.meta.dirname}/support/endless-build` });
      await job.says(/^(?!.*echo).*building$/);

      expectCancelled(await job.cancel());

      expect(await ledgerOf(served.app)).toMatchObject({ releases: [served.release], unproven: [] });
      expect(await leaseOf(served.app)).toMatchObject({ holder: '' });
    });

    test('while it waits for the lease: the holder keeps it', inTurn, async () => {
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

    test('while it writes down that it begins', inTurn, async () => {
      const caller = newCaller();
      const { AWS_ACCESS_KEY_ID: accessKeyId } = caller;
      await fault({ service: 'ssm', operation: 'PutParameter', delayMs: 1500, accessKeyId, times: 3 });
      const job = start({ ...served.image, ...unhealthy }, caller);
      let release = '';
      await waitUntil('the entry of the release to be written', 90, async () => {
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

    test('as its command is on the way to the host, and gets there after the way back', inTurn, async () => {
      const caller = newCaller();
      const job = start({ ...served.image, env: 'LATE=yes' }, caller);
      await job.says(/^The host is ready/);
      const { AWS_ACCESS_KEY_ID: accessKeyId } = caller;
      await fault({ service: 'ssm', operation: 'SendCommand', delayMs: 10_000, accessKeyId, times: 1 });
      await waitUntil('the command to be sent', 90, async () => (await sentCommands()).length === 2);

      expectCancelled(await job.cancel());

      async function sentCommands() {
        return (await callsOf(caller)).filter(({ operation }) => operation === 'SendCommand');
      }
      const release = (await ledgerOf(served.app)).unproven[0] ?? '';
      await waitUntil('the late command to have ended', 90, async () =>
        (await served.host.shell(`cat /var/lib/ec2-deploy/${served.app}/log`)).includes('refused: given-up'),
      );
      await expectTakenBack(served, release);
      expect(await statusOf(served.app, release)).toBe('rolled-back');
    });

    test('while the candidate gets healthy', inTurn, async () => {
      const job = start({ ...served.image, ...unhealthy });
      const release = await candidateStarting(served.host, served.app);

      expectCancelled(await job.cancel());

      await expectTakenBack(served, release);
      expect(await statusOf(served.app, release)).toBe('rolled-back');
      expect(await leaseOf(served.app)).toMatchObject({ holder: '' });
    });

    test('while the candidate gets healthy, and AWS does not kill the command', inTurn, async () => {
      const caller = newCaller();
      await deny('ssm:CancelCommand', caller.AWS_ACCESS_KEY_ID);
      const job = start({ ...served.image, ...unhealthy }, caller);
      const release = await candidateStarting(served.host, served.app);

      expectCancelled(await job.cancel());

      await expectTakenBack(served, release);
      expect(await statusOf(served.app, release)).toBe('rolled-back');
    });

    test('right after the traffic has moved', inTurn, async () => {
      const job = start(unproven);
      const release = await trafficMoved(served.host, served.app);

      const result = await job.cancel();

      expectCancelled(result);
      expect(result.log).toContain(`The rollout of ${release} was cut off: bringing the host back`);
      expect(result.log).toMatch(new RegExp(`^${served.release} serves\\. \\(after \\d+ s\\)$`, 'm'));
      await expectTakenBack(served, release);
      expect(await statusOf(served.app, release)).toBe('rolled-back');
    });

    test('loses no request, and the next deploy does not wait', inTurn, async () => {
      const result = await deploy(served.host, { 'app-name': served.app, ...served.image, env: 'AGAIN=yes' });
      const { failed, reasons, labels } = await probe.stop();

      expect(result.outputs).toMatchObject({ verdict: 'deployed', 'previous-release': served.release });
      expect(result.log).not.toContain('Waiting for the rollout');
      expect({ failed, reasons }).toEqual({ failed: 0, reasons: {} });
      expect(Object.keys(labels)).toEqual(['version 1', 'version unproven']);
    });
  });

  describe('a runner that vanishes', () => {
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
      expect(await journalOf(host, app)).toMatchObject({ candidate });
      await waitUntil(
        `${app} to go back by itself`,
        timeout + 60,
        async () => (await journalOf(host, app)) === undefined,
      );
      expect(Date.now() - started).toBeGreaterThanOrEqual((timeout - 1) * 1000);
      return { candidate, runUrl: job.runUrl, report: await probe.stop() };
    }

    test('while the candidate starts: the host goes back, and the next deploy waits for the lease to end', async () => {
      const served = await serveFirstVersion('vanished');
      const { host, app, image, release } = served;

      const { candidate, runUrl, report } = await vanish(
        served,
        { ...image, ...unhealthy },
        candidateStarting,
      );

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
    }, 400_000);

    test('after the traffic has moved: the host moves it back', async () => {
      const served = await serveFirstVersion('vanished');

      const { candidate, report } = await vanish(served, unproven, trafficMoved);

      await expectTakenBack(served, candidate);
      expect(report).toMatchObject({ failed: 0, reasons: {} });
      expect(Object.keys(report.labels)).toEqual(['version 1', 'version unproven']);
    }, 300_000);
  });

  describe('a host that is lost', () => {
    const short = { timeout: '75s', 'health-timeout': '45s', 'drain-timeout': '5s' };
    const lost = ({ instanceId }: TestHost) =>
      `${instanceId}: the agent did not take the command, or was lost while it ran. What serves there is unknown until the host is reached again; it ends the rollout or goes back by itself.`;

    test('because its agent went offline: the job fails in time and says so; the next deploy takes up what is there', async () => {
      const served = await serveFirstVersion('offline');
      const { host, app, image } = served;
      const job = startJob(host, { 'app-name': app, ...image, env: 'UNSEEN=yes', ...short });
      const [, unseen = ''] = await job.says(/^Rolling out (\S+) by/);
      await waitUntil(
        'the rollout to be on the host',
        60,
        async () => (await journalOf(host, app)) !== undefined,
      );

      await fault({ agentOffline: host.instanceId });
      const result = await job.ended;

      expect(result.outputs['verdict']).toBe('failed');
      expect(annotations(result, 'error')).toContain(lost(host));
      await noFaults();
      const next = await deploy(host, { 'app-name': app, ...image, env: 'AGAIN=yes' });
      expect(next.outputs).toMatchObject({ verdict: 'deployed', 'previous-release': unseen });
      expect(await servedVersion(host)).toBe('1');
    }, 400_000);
  });
});

async function writeLease(app: string, lease: Record<string, string>): Promise<void> {
  await ssm.send(
    new PutParameterCommand({
      ...{ Name: `/ec2-deploy/${app}/lease`, Value: JSON.stringify(lease), Type: 'String', Overwrite: true },
    }),
  );
}
