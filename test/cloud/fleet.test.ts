// One release on several hosts: all of them serve it, or none does.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Probe, type ProbeReport, startProbe } from '../../testbed/probe/probe.ts';
import type { ActionResult } from '../../testbed/runner/run.ts';
import { annotations, containersOf, ledgerOf, newAppName } from './support/app-state.ts';
import {
  type BorrowedHost,
  borrowHost,
  deploy,
  repository,
  runningContainers,
  servedVersion,
  type TestHost,
} from './support/cloud.ts';
import { terminateInstance } from './support/instances.ts';
import { type Job, startJob } from './support/jobs.ts';
import { candidateStarting, progressOf } from './support/rollouts.ts';

const app = newAppName('wide');
/** Each host's own files, by which a release can be good on one host and bad on another. */
const ownFiles = '/srv/own:/own';
let hosts: BorrowedHost[];
let image: string;

beforeAll(async () => {
  hosts = await Promise.all([borrowHost(app), borrowHost(app)]);
}, 600_000);

// The other one is terminated by the last test.
afterAll(() => hosts[0]?.giveBack());

const byTag = { 'instance-ids': '', 'target-tags': `ec2-deploy:app=${app}`, 'app-name': app };
/** Where the test's deploy would put the id of one host. */
const nowhere = { instanceId: '' };

function deployToAll(inputs: Record<string, string> = {}): Promise<ActionResult> {
  return deploy(nowhere, { ...byTag, ...inputs });
}

function onAll<Answer>(ask: (host: TestHost) => Promise<Answer>): Promise<Answer[]> {
  return Promise.all(hosts.map(ask));
}

/** Asks every host all the time which version serves. */
function probeAll(): Probe[] {
  const labelOf = ({ body }: { body: string }) => `version ${JSON.parse(body).version}`;
  return hosts.map(({ address }) => startProbe({ address, ratePerSecond: 10, labelOf }));
}

function endAll(probes: Probe[]): Promise<ProbeReport[]> {
  return Promise.all(probes.map((probe) => probe.stop()));
}

/** What each host was asked to do, in order, as the log tells it. */
function stagesIn({ log }: ActionResult): string[] {
  const names = new Map(hosts.map(({ instanceId }, index) => [instanceId, `host ${index + 1}`]));
  const stages = log.matchAll(/^((?:migrate |prepare|switch|settle)+): (i-.*)$/gm);
  return [...stages].map(([, verbs = '', ids = '']) => {
    const named = ids.split(', ').map((id) => names.get(id) ?? id);
    return `${verbs}: ${named.toSorted().join(', ')}`;
  });
}

describe('a release', () => {
  beforeAll(() => {
    // The tag's search answers in the order of the ids.
    hosts.sort((one, other) => one.instanceId.localeCompare(other.instanceId));
  });

  test('comes to every host with the tag', async () => {
    const { exitCode, outputs } = await deployToAll({ version: '1' });

    expect({ exitCode, verdict: outputs['verdict'] }).toEqual({ exitCode: 0, verdict: 'deployed' });
    expect(outputs['instance-ids']).toBe(hosts.map(({ instanceId }) => instanceId).join(','));
    expect(await onAll(servedVersion)).toEqual(['1', '1']);
    expect(JSON.parse(outputs['report'] ?? '').hosts).toEqual(
      hosts.map(({ instanceId }) => ({ instanceId, steps: expect.any(Array) })),
    );
    image = `${repository}@${outputs['image-digest']}`;
  });

  test('that serves on all of them already is unchanged', async () => {
    const { outputs, log } = await deployToAll({ image });

    expect(outputs['verdict']).toBe('unchanged');
    expect(log).not.toContain('Rolling out');
  });

  test('is brought to all again if one of them has lost it', async () => {
    const [first, second] = hosts as [BorrowedHost, BorrowedHost];
    await second.shell(`docker rm --force $(docker ps --quiet --filter label=ec2-deploy.app=${app})`);
    await second.shell(`rm -rf /var/lib/ec2-deploy/${app}`);

    const { outputs } = await deployToAll({ image });

    expect(outputs['verdict']).toBe('deployed');
    const names = [`${app}-${outputs['release']}`];
    expect(await runningContainers(first, app)).toEqual(names);
    expect(await runningContainers(second, app)).toEqual(names);
  });

  test('is ready on all before the first moves, moves in batches, migrates once, and loses no request', async () => {
    const probes = probeAll();

    const result = await deployToAll({
      version: '2',
      volumes: ownFiles,
      'migrate-command': 'sh -c "echo migrated >>/own/migrations"',
    });

    expect(result.outputs['verdict']).toBe('deployed');
    expect(stagesIn(result)).toEqual([
      'migrate prepare: host 1',
      'prepare: host 2',
      'switch: host 1',
      'switch: host 2',
      'settle: host 1, host 2',
    ]);
    expect(await onAll((host) => host.shell('cat /srv/own/migrations 2>/dev/null || true'))).toEqual([
      'migrated',
      '',
    ]);
    for (const report of await endAll(probes)) {
      expect(report).toMatchObject({ failed: 0, reasons: {} });
      expect(Object.keys(report.labels)).toEqual(['version 1', 'version 2']);
    }
  });
});

/** Nothing of the candidate is left on any host, and version 2 serves on all. */
async function expectTakenBack(release: string): Promise<void> {
  expect(await onAll(servedVersion)).toEqual(['2', '2']);
  for (const host of hosts) {
    expect(await containersOf(host, app)).not.toContain(`${app}-${release}`);
    expect(await progressOf(host, app)).toBeUndefined();
  }
  expect((await ledgerOf(app)).releases).not.toContain(release);
}

/** Runs what the host has under that name, so that hosts differ. */
const asHostSays = { volumes: ownFiles, command: 'caddy run --config /own/Caddyfile' };
/** Starts when the host lets it. */
const heldBack = {
  volumes: ownFiles,
  command:
    'sh -c "while test -e /own/wait; do sleep 0.2; done; exec caddy run --config /etc/caddy/Caddyfile"',
};

async function writeOwn(host: TestHost, name: string, file: string): Promise<void> {
  const content = readFileSync(`${import.meta.dirname}/support/${file}`).toString('base64');
  await host.shell(`mkdir -p /srv/own && base64 -d <<<'${content}' >/srv/own/${name}`);
}

describe('a release that one host refuses', () => {
  test('while it is prepared: gets a request nowhere', async () => {
    const [, second] = hosts as [BorrowedHost, BorrowedHost];
    await second.shell('mkdir -p /srv/own && touch /srv/own/broken');
    const probes = probeAll();

    const result = await deployToAll({
      version: '3',
      volumes: ownFiles,
      command: 'sh -c "test -e /own/broken && exit 3; exec caddy run --config /etc/caddy/Caddyfile"',
    });

    const { outputs, exitCode } = result;
    expect({ exitCode, verdict: outputs['verdict'] }).toEqual({ exitCode: 1, verdict: 'rolled-back' });
    expect(annotations(result, 'error')).toContain('it ended with exit code 3');
    expect(annotations(result, 'error')).toContain(`${second.instanceId}: the container ended`);
    for (const report of await endAll(probes)) {
      expect(report).toMatchObject({ failed: 0, reasons: {} });
      expect(Object.keys(report.labels)).toEqual(['version 2']);
    }
    await expectTakenBack(outputs['release'] ?? '');
  });

  test('when the traffic has moved on another: moves it back there, and loses no request', async () => {
    const [first, second] = hosts as [BorrowedHost, BorrowedHost];
    await writeOwn(first, 'Caddyfile', 'app/Caddyfile');
    await writeOwn(second, 'Caddyfile', 'unproven-app/Caddyfile');
    const probes = probeAll();

    const result = await deployToAll({ version: '3', ...asHostSays });

    expect(stagesIn(result)).toEqual(['prepare: host 1, host 2', 'switch: host 1', 'switch: host 2']);
    expect(result.outputs['verdict']).toBe('rolled-back');
    const [firstReport, secondReport] = await endAll(probes);
    expect(firstReport).toMatchObject({ failed: 0, reasons: {} });
    expect(Object.keys(firstReport?.labels ?? {})).toEqual(['version 2', 'version 3']);
    expect(secondReport).toMatchObject({ failed: 0, reasons: {} });
    await expectTakenBack(result.outputs['release'] ?? '');
  });
});

describe('a rollout in whose middle', () => {
  async function startHeldBack(): Promise<{ job: Job; release: string }> {
    await onAll((host) => host.shell('touch /srv/own/wait'));
    const job = startJob(nowhere, {
      ...byTag,
      version: '4',
      ...heldBack,
      'health-timeout': '90s',
    });
    const [release = ''] = await onAll((host) => candidateStarting(host, app));
    return { job, release };
  }

  test('the job is cancelled: all hosts go back', async () => {
    const { job, release } = await startHeldBack();

    const { log } = await job.cancel();

    expect(log).toContain(`The rollout of ${release} was cut off`);
    await expectTakenBack(release);
  });

  test('an instance goes away: comes to the others, and says so', async () => {
    const [first, second] = hosts as [BorrowedHost, BorrowedHost];
    const { job, release } = await startHeldBack();
    await terminateInstance(second.instanceId);
    await first.shell('rm /srv/own/wait');

    const result = await job.ended;

    expect(result.outputs).toMatchObject({ verdict: 'deployed', release });
    expect(annotations(result, 'warning')).toContain(
      `The instance ${second.instanceId} went away during the rollout.`,
    );
    expect(await servedVersion(first)).toBe('4');
  });
});
