import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostAccessKeyId } from '../../testbed/hosts/directory.ts';
import type { ActionResult } from '../../testbed/runner/run.ts';
import { annotations, ledgerOf, newAppName } from './support/app-state.ts';
import { deny } from './support/callers.ts';
import {
  appFolder,
  type BorrowedHost,
  borrowHost,
  deploy,
  noFaults,
  parameter,
  putSecret,
  repository,
  runningContainers,
  servedVersion,
} from './support/cloud.ts';
import { environmentOf } from './support/inside.ts';
import { createSecret } from './support/secrets.ts';
import { countInStream, textsOfCommands, textsOfJob, tracesIn, tracesOnHost } from './support/traces.ts';

/** Stands in every secret, so that one look finds each of them; at both ends of one, so that half of it is found, too. */
const marker = `m4rk3r${randomBytes(6).toString('hex')}`;
const app = newAppName('vault');
const values = {
  STRING: `${marker}-of-parameter-store-${marker}`,
  MEMBER: `${marker} of "a member"`,
  LINES: `-----BEGIN KEY-----\n${marker}/first\r\n${marker}/second\n-----END KEY-----\n`,
};
const stringName = `/${app}/string`;
let host: BorrowedHost;
let secrets: string;
let jsonSecret: string;
/** The image of the release that serves, for deploys that need no build. */
let image: Record<string, string>;

beforeAll(async () => {
  host = await borrowHost();
  jsonSecret = await createSecret(JSON.stringify({ user: 'shop', password: values.MEMBER }));
  await putSecret(stringName, values.STRING);
  secrets = [
    `STRING=${stringName}`,
    `MEMBER=${jsonSecret}:password::`,
    `LINES=${await createSecret(values.LINES)}`,
  ].join('\n');
});

afterAll(async () => {
  await host.shell('rm -f /root/processes');
  await host.giveBack();
});

function deployApp(inputs: Record<string, string> = {}): Promise<ActionResult> {
  return deploy(host, { 'app-name': app, secrets, ...inputs });
}

const printEverything = 'printf "%s|%s\\n%s" "$STRING" "$MEMBER" "$LINES"';
/** So long that where it is cut, 5,000 bytes before its end, is within the value. */
const printLongLine = 'printf "%s%04970d\\n" "$STRING" 0';
/** So long that where it is cut, after 500 bytes, is within the value. */
const answerLongLine = `echo ':8000 {\n respond "${'x'.repeat(480)}{env.STRING} {env.MEMBER}" 500\n}' >/tmp/Caddyfile; exec caddy run --config /tmp/Caddyfile --adapter caddyfile`;
const shell = (script: string) => `sh -c '${script.replaceAll("'", "'\\''")}'`;

/**
 * Lists the host's processes with their arguments every few hundredths of a second, until it is stopped. `ps e` would show environments, too, but only
 * to root and to the process's own user: the app's own processes and the docker command that starts them have the values there, since
 * that is how a container gets its environment.
 */
async function sampleProcesses(): Promise<{ stop(): Promise<void> }> {
  await host.shell(
    'touch /run/sampling; (while [[ -e /run/sampling ]]; do ps auxww; sleep 0.02; done >/root/processes) </dev/null >/dev/null 2>&1 &',
  );
  return {
    stop: async () => {
      await host.shell('rm /run/sampling');
    },
  };
}

/** Folders of the host in which a deploy writes. Those of the engine hold the container's environment: it has to. */
const folders = [
  '/var/lib/ec2-deploy',
  '/run/ec2-deploy',
  '/var/lib/amazon',
  '/var/log',
  '/root',
  '/home',
  '/tmp',
  '/etc',
];

/** Everything that the host's engine tells of the app's containers, but for their environment. */
async function containersWithoutEnvironment(): Promise<Record<string, string>> {
  const ids = await host.shell(`docker ps --all --quiet --filter label=ec2-deploy.app=${app} | tr '\\n' ' '`);
  const containers: { Name: string; Config: { Env?: unknown } }[] = JSON.parse(
    await host.shell(`docker inspect ${ids}`),
  );
  return Object.fromEntries(
    containers.map((container) => {
      delete container.Config.Env;
      return [container.Name, JSON.stringify(container)];
    }),
  );
}

describe('a secret that the app and its migration print', () => {
  let result: ActionResult;
  let container: string;

  beforeAll(async () => {
    const processes = await sampleProcesses();
    result = await deployApp({ context: appFolder, 'migrate-command': shell(printEverything) });
    await processes.stop();
    container = `${app}-${result.outputs['release']}`;
    image = { image: `${repository}@${result.outputs['image-digest']}` };
  });

  test('is in the container', async () => {
    expect(result.exitCode, result.log).toBe(0);
    expect(Object.fromEntries(await environmentOf(host, container))).toMatchObject(values);
  });

  test('is not in anything that the job shows or keeps', () => {
    expect(result.main.files.output).toContain('verdict');
    expect(tracesIn(textsOfJob(result), marker)).toEqual([]);
  });

  test('is not in what Systems Manager tells of the commands', async () => {
    const texts = await textsOfCommands(host, app);

    expect(Object.keys(texts).filter((name) => name.includes('roll out'))).toHaveLength(3);
    expect(tracesIn(texts, marker)).toEqual([]);
  });

  test("is not in the app's records", async () => {
    const { live } = await ledgerOf(app);
    const names = ['ledger', 'lease', `releases/${live}`].map((name) => `/ec2-deploy/${app}/${name}`);
    const texts = await Promise.all(names.map(async (name) => [name, (await parameter(name)) ?? '']));
    const livePlan = Buffer.from((await parameter(`/ec2-deploy/${app}/live-plan`)) ?? '', 'base64');

    expect(tracesIn(Object.fromEntries(texts), marker)).toEqual([]);
    expect(gunzipSync(livePlan).toString()).toContain(stringName);
    expect(tracesIn({ livePlan: gunzipSync(livePlan).toString() }, marker)).toEqual([]);
  });

  test('is not in a file on the host, and nothing is left on its tmpfs', async () => {
    expect(await host.shell(`grep -c '^\\*\\*\\*|' /var/lib/ec2-deploy/${app}/log`)).not.toBe('0');
    expect(await tracesOnHost(host, folders, marker)).toEqual([]);
    expect(await host.shell('find /run/ec2-deploy -mindepth 1')).toBe('');
  });

  test('is not in the arguments of any process', async () => {
    expect(await host.shell("grep -c '[d]ocker run .*--env-file' /root/processes")).not.toBe('0');
    expect(await countInStream(host, 'cat /root/processes', marker)).toBe(0);
  });

  test('is not in the image, nor in a label or an argument of a container', async () => {
    const image = await host.shell(`docker inspect --format '{{.Config.Image}}' ${container}`);

    const look = `{ docker history --no-trunc ${image}; docker image inspect ${image}; docker save ${image}; }`;
    expect(await countInStream(host, look, marker)).toBe(0);
    expect(tracesIn(await containersWithoutEnvironment(), marker)).toEqual([]);
  });
});

describe('a secret that a failing release prints', () => {
  test.each([
    ['as it crashes', { command: shell(`${printEverything}; exit 3`) }, 'rolled-back'],
    ['in its health answer', { command: shell(answerLongLine), 'health-timeout': '2s' }, 'rolled-back'],
    [
      'in its migration',
      { env: 'AGAIN=yes', 'migrate-command': shell(`${printLongLine}; exit 3`) },
      'failed',
    ],
  ])('%s is hidden wherever its words are shown', async (_, inputs, verdict) => {
    const result = await deployApp({ ...image, ...inputs });

    expect(result.outputs['verdict'], result.log).toBe(verdict);
    expect(result.summary).toContain('***');
    expect(result.log).toContain('***');
    expect(tracesIn(textsOfJob(result), marker)).toEqual([]);
    expect(tracesIn(await textsOfCommands(host, app), marker)).toEqual([]);
    expect(await tracesOnHost(host, folders, marker)).toEqual([]);
    expect(await servedVersion(host)).toBe('1');
  });
});

describe("a secret's value", () => {
  test('that is the same makes no new release', async () => {
    const { outputs, log } = await deployApp(image);

    expect(outputs['verdict'], log).toBe('unchanged');
  });

  test('that has changed under the same reference makes one', async () => {
    await putSecret(stringName, `${marker}-changed`);

    const { outputs, log } = await deployApp(image);

    expect(outputs['verdict'], log).toBe('deployed');
    const environment = await environmentOf(host, `${app}-${outputs['release']}`);
    expect(environment.get('STRING')).toBe(`${marker}-changed`);
  });
});

describe('a secret that cannot be read', () => {
  afterAll(() => noFaults());

  const missing = `/${app}/nowhere`;
  test.each([
    ['does not exist', () => `API_KEY=${missing}`, () => [missing, 'ParameterNotFound']],
    [
      'has not the member',
      () => `API_KEY=${jsonSecret}:pasword::`,
      () => [jsonSecret, 'has no member "pasword"'],
    ],
    [
      "may not be read by the host's role",
      () => `API_KEY=${jsonSecret}`,
      () => [jsonSecret, 'AccessDenied', 'secretsmanager:GetSecretValue'],
    ],
  ])(
    'because it %s is named with its variable, and the old release serves on',
    async (cause, wanted, said) => {
      if (cause.startsWith('may not')) {
        await deny('secretsmanager:GetSecretValue', hostAccessKeyId(host.instanceId));
      }
      const before = await runningContainers(host, app);

      const result = await deployApp({ ...image, secrets: wanted() });

      expect({ exitCode: result.exitCode, verdict: result.outputs['verdict'] }).toEqual({
        exitCode: 1,
        verdict: 'failed',
      });
      for (const text of ['secrets: API_KEY: ', ...said()])
        expect(annotations(result, 'error')).toContain(text);
      expect(tracesIn(textsOfJob(result), marker)).toEqual([]);
      expect(await runningContainers(host, app)).toEqual(before);
      expect(await servedVersion(host)).toBe('1');
    },
  );
});
