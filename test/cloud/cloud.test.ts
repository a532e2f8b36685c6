// The command line of the local cloud, as a newcomer uses it, on a cloud of its own.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dockerLines } from '../../testbed/cloud/docker.ts';
import { environmentFile, readEnvironment } from '../../testbed/cloud/environment.ts';
import { accessTo, down } from '../../testbed/cloud/lifecycle.ts';
import { cloudFilter } from '../../testbed/cloud/names.ts';
import { testCloud } from './support/name.ts';

const name = `${testCloud}-cli`;

interface CommandResult {
  code: number;
  output: string;
}

function cloud(...args: string[]): Promise<CommandResult> {
  const { promise, resolve } = Promise.withResolvers<CommandResult>();
  const environment = { ...process.env, CLOUD_NAME: name };
  execFile(process.execPath, ['testbed/cloud.ts', ...args], { env: environment }, (error, stdout, stderr) => {
    resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
  });
  return promise;
}

describe('npm run cloud --', () => {
  let instanceIds: string[];

  beforeAll(async () => {
    const { code, output } = await cloud('up', '--hosts', '2');
    expect(output).toContain(environmentFile(name));
    expect(code).toBe(0);
    instanceIds = (await readEnvironment(name)).CLOUD_INSTANCE_IDS.split(',');
  });
  afterAll(() => down(name));

  test('up starts as many hosts as asked, and writes what a runner needs', async () => {
    expect(instanceIds).toHaveLength(2);
    const environment = await readEnvironment(name);
    expect(environment).toMatchObject({
      AWS_ENDPOINT_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      AWS_REGION: 'eu-west-1',
      CLOUD_REPOSITORY: 'local-app',
    });
    expect(environment.CLOUD_HOST_ADDRESSES).toMatch(/^127\.0\.0\.1:\d+,127\.0\.0\.1:\d+$/);
  });

  test('up again keeps what runs', async () => {
    const before = await readEnvironment(name);
    expect((await cloud('up')).code).toBe(0);
    expect(await readEnvironment(name)).toEqual(before);
  });

  test('status shows the endpoint and each host', async () => {
    const { output } = await cloud('status');
    expect(output).toContain((await accessTo(name)).AWS_ENDPOINT_URL);
    for (const instanceId of instanceIds) {
      expect(output).toMatch(new RegExp(`${instanceId} +agent Online +http://127.0.0.1:\\d+/`));
    }
  });

  test('exec runs a command on the host that is named, with its exit code', async () => {
    const [instanceId = ''] = instanceIds;
    const { code, output } = await cloud('exec', instanceId, '--', 'sh', '-c', 'docker ps --quiet && exit 7');
    expect({ code, output }).toEqual({ code: 7, output: '' });
    expect(await cloud('exec', 'i-00000000', '--', 'true')).toMatchObject({
      code: 2,
      output: expect.stringContaining(`there is no instance 'i-00000000'; there is: `),
    });
  });

  test('logs shows the boot of a host', async () => {
    const { output } = await cloud('logs', instanceIds[0] ?? '');
    expect(output).toContain('Installed: docker');
  });

  test('fault is refused with the reason when it is none', async () => {
    const { code, output } = await cloud('fault', '{"agentOffline": "i-00000000"}');
    expect(code).toBe(1);
    expect(output).toContain('i-00000000');
    expect((await cloud('fault', 'clear')).code).toBe(0);
  });

  test.each([
    { args: [], says: 'no command' },
    { args: ['explode'], says: "unknown command 'explode'" },
    { args: ['up', '--hosts', 'many'], says: "--hosts must be a number from 0 to 99, not 'many'" },
    { args: ['up', '--colour'], says: '--colour' },
    { args: ['exec', 'i-1', 'true'], says: 'exec INSTANCE -- COMMAND' },
  ])('$args is refused with the usage', async ({ args, says }) => {
    const { code, output } = await cloud(...args);
    expect(code).toBe(2);
    expect(output).toContain(says);
    expect(output).toContain('usage: npm run cloud');
  });

  test('down leaves nothing behind', async () => {
    // A container in a host has a control group of its own on the machine.
    const image = 'public.ecr.aws/docker/library/caddy:2.11.4-alpine';
    await cloud('exec', instanceIds[0] ?? '', '--', 'docker', 'run', '--detach', image);
    expect(await controlGroups()).not.toEqual([]);
    expect((await cloud('down')).code).toBe(0);
    for (const listing of [
      ['ps', '--all'],
      ['network', 'ls'],
      ['volume', 'ls'],
    ]) {
      expect(await dockerLines(...listing, '--quiet', '--filter', cloudFilter(name))).toEqual([]);
    }
    expect(existsSync(environmentFile(name))).toBe(false);
    expect(await controlGroups()).toEqual([]);
    expect((await cloud('status')).output).toBe(`${name} is not running\n`);
    expect(await cloud('logs', instanceIds[0] ?? '')).toMatchObject({
      code: 1,
      output: expect.stringContaining('npm run cloud -- up'),
    });
  });
});

async function controlGroups(): Promise<string[]> {
  const folder = '/sys/fs/cgroup';
  if (!existsSync(folder)) {
    return [];
  }
  // Two levels: the hierarchies of control groups version 1 are folders of their own.
  const names = await readdir(folder, { withFileTypes: true });
  const below = await Promise.all(
    names.filter((entry) => entry.isDirectory()).map((entry) => readdir(`${folder}/${entry.name}`)),
  );
  return [...names.map((entry) => entry.name), ...below.flat()].filter((entry) => entry === name);
}
