import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../../testbed/cloud/wait.ts';
import type { ActionResult } from '../../testbed/runner/run.ts';
import {
  annotations,
  containersOf,
  digestsOn,
  ledgerOf,
  lines,
  newAppName,
  statusOf,
} from './support/app-state.ts';
import {
  ask,
  type BorrowedHost,
  borrowHost,
  deploy,
  putSecret,
  repository,
  servedVersion,
} from './support/cloud.ts';

const app = newAppName('migrator');
let host: BorrowedHost;

beforeAll(async () => {
  host = await borrowHost();
  await putSecret(`/${app}/database`, 'postgres://shop@db/shop');
});

afterAll(() => host.giveBack());

function deployApp(inputs: Record<string, string>): Promise<ActionResult> {
  return deploy(host, {
    'app-name': app,
    env: 'SETTING=a "setting"\nLINES<<END\none\ntwo\nEND',
    secrets: `DATABASE_URL=/${app}/database`,
    volumes: '/srv/migrations:/migrations',
    memory: '256m',
    'read-only': 'true',
    ...inputs,
  });
}

/** Writes down that it ran and with what, then waits until it may end. */
const migration = `sh -c 'env | sort >>/migrations/runs; until [ -e /migrations/go ]; do sleep 0.1; done'`;

/** How often each variable was written down. */
async function variablesOfRuns(): Promise<string[]> {
  const wanted = 'SETTING|LINES|two$|DATABASE_URL|VERSION|EC2_DEPLOY_';
  return lines(host, `grep -E '^(${wanted})' /srv/migrations/runs`);
}

async function leftovers() {
  const [containers, digests, files, state] = await Promise.all([
    containersOf(host, app),
    digestsOn(host, repository),
    lines(host, 'find /run/ec2-deploy -mindepth 1'),
    lines(host, `ls /var/lib/ec2-deploy/${app} | grep -E 'journal|guard.pid' || true`),
  ]);
  return { containers, digests, files, state };
}

describe('a migration', () => {
  let before: ActionResult;
  let result: ActionResult;
  /** What was seen while it ran. */
  let meanwhile: { container: Record<string, unknown>; version: string; containers: string[] };

  beforeAll(async () => {
    before = await deployApp({ version: '1' });
    expect(before.exitCode, before.log).toBe(0);
    const deploying = deployApp({ version: '2', 'migrate-command': migration });
    await waitUntil(
      'the migration to run',
      300,
      async () => (await host.shell('cat /srv/migrations/runs')) !== '',
    );
    const [name = ''] = (await containersOf(host, app)).filter((container) => container.endsWith('-migrate'));
    const [container] = JSON.parse(await host.shell(`docker inspect ${name}`));
    meanwhile = { container, version: await servedVersion(host), containers: await containersOf(host, app) };
    await host.shell('touch /srv/migrations/go');
    result = await deploying;
  });

  test('runs before the new version is started, while the old one serves', () => {
    expect(result.outputs['verdict'], result.log).toBe('deployed');
    expect(meanwhile.version).toBe('1');
    expect(meanwhile.containers).toEqual([
      `${app}-proxy-80`,
      `${app}-${before.outputs['release']}`,
      `${app}-${result.outputs['release']}-migrate`,
    ]);
  });

  test('runs in a container of the new image with the settings of the release', () => {
    expect(meanwhile.container).toMatchObject({
      Config: { Image: result.outputs['image'], Labels: { 'ec2-deploy.release': result.outputs['release'] } },
      HostConfig: { Memory: 256 * 1024 * 1024, ReadonlyRootfs: true, Binds: ['/srv/migrations:/migrations'] },
    });
  });

  test("runs once, with the release's variables and secrets", async () => {
    expect(await variablesOfRuns()).toEqual(
      [
        'DATABASE_URL=postgres://shop@db/shop',
        `EC2_DEPLOY_APP=${app}`,
        `EC2_DEPLOY_RELEASE=${result.outputs['release']}`,
        'LINES=one',
        'SETTING=a "setting"',
        'VERSION=2',
        'two',
      ].sort(),
    );
  });

  test('is over when the new version serves, and leaves no container', async () => {
    expect(await servedVersion(host)).toBe('2');
    expect((await leftovers()).containers).toEqual([
      `${app}-proxy-80`,
      `${app}-${before.outputs['release']}`,
      `${app}-${result.outputs['release']}`,
    ]);
  });

  test('does not run again for a release that is live already', async () => {
    const { outputs, log } = await deployApp({ version: '2', 'migrate-command': migration });

    expect(outputs['verdict'], log).toBe('unchanged');
    expect(await variablesOfRuns()).toHaveLength(7);
  });
});

describe('a migration that fails', () => {
  let result: ActionResult;
  let before: Awaited<ReturnType<typeof leftovers>>;
  let live: string;

  beforeAll(async () => {
    before = await leftovers();
    ({ live } = await ledgerOf(app));
    result = await deployApp({
      version: '3',
      'migrate-command': `sh -c 'echo column price exists already >&2; exit 137'`,
    });
  });

  test('fails the job, and says that nothing was switched', () => {
    expect({ exitCode: result.exitCode, verdict: result.outputs['verdict'] }).toEqual({
      exitCode: 1,
      verdict: 'failed',
    });
    expect(result.outputs).toMatchObject({
      'previous-release': live,
      release: expect.stringMatching(/^r3-/),
    });
    const said = `ended with exit code 137. Nothing was switched. ${live} serves as before.`;
    expect(annotations(result, 'error')).toContain(said);
    expect(result.summary).toContain(said);
  });

  test('has its words in the summary and the log', () => {
    expect(result.summary).toContain('column price exists already');
    expect(result.log).toContain('column price exists already');
  });

  test('leaves the old version serving, and nothing of the new one', async () => {
    expect(JSON.parse((await ask(host)).body)).toEqual({ version: '2', release: live });
    expect(await leftovers()).toEqual(before);
  });

  test('is in the ledger as failed', async () => {
    expect(await ledgerOf(app)).toMatchObject({ live });
    expect(await statusOf(app, result.outputs['release'] ?? '')).toBe('failed');
  });
});
