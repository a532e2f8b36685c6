import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  appFolder,
  ask,
  type BorrowedHost,
  borrowHost,
  deploy,
  parameter,
  runningContainers,
  servedVersion,
} from './support/cloud.ts';

let host: BorrowedHost;

beforeAll(async () => {
  host = await borrowHost();
});

afterAll(() => host.giveBack());

test('the first deploy puts the app on the host and sets every output', async () => {
  const { outputs, exitCode } = await deploy(host, { context: appFolder, 'build-args': 'VERSION=1' });

  expect(exitCode).toBe(0);
  expect(await servedVersion(host)).toBe('1');
  expect(outputs).toMatchObject({
    verdict: 'deployed',
    release: expect.stringMatching(/^r1-[0-9a-f]{6}$/),
    'previous-release': '',
    image: expect.stringMatching(/\/local-app@sha256:[0-9a-f]{64}$/),
    'image-digest': expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    'instance-ids': host.instanceId,
    url: expect.stringMatching(/^http:\/\/[\d.]+$/),
  });
  expect(JSON.parse(outputs['report'] ?? '')).toMatchObject({ app: 'shop', verdict: 'deployed' });
});

test('the container knows its release, which the ledger records as live', async () => {
  const { release } = JSON.parse((await ask(host)).body);

  expect(JSON.parse((await parameter('/ec2-deploy/shop/ledger')) ?? '')).toMatchObject({ live: release });
  expect(JSON.parse((await parameter(`/ec2-deploy/shop/releases/${release}`)) ?? '')).toMatchObject({
    id: release,
    status: 'live',
    image: expect.stringContaining('@sha256:'),
  });
});

test('the same again is unchanged, and touches no container', async () => {
  const before = await runningContainers(host);

  const { outputs, exitCode } = await deploy(host, { context: appFolder, 'build-args': 'VERSION=1' });

  expect({ exitCode, verdict: outputs['verdict'] }).toEqual({ exitCode: 0, verdict: 'unchanged' });
  expect(await runningContainers(host)).toEqual(before);
});

test('a new version replaces the old one, which stays for the way back', async () => {
  const { outputs } = await deploy(host, { context: appFolder, 'build-args': 'VERSION=2' });

  expect(outputs).toMatchObject({ verdict: 'deployed', 'previous-release': expect.stringMatching(/^r1-/) });
  expect(await servedVersion(host)).toBe('2');
  expect(await runningContainers(host)).toEqual([`shop-${outputs['release']}`]);
  expect(await host.shell("docker ps --all --format '{{.Names}}'")).toContain(
    `shop-${outputs['previous-release']}`,
  );
});
