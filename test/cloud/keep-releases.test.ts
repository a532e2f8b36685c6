import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ActionResult } from '../../testbed/runner/run.ts';
import { containersOf, digestsOn, ledgerOf, lines, newAppName, statusOf } from './support/app-state.ts';
import { type BorrowedHost, borrowHost, deploy, repository, servedVersion } from './support/cloud.ts';

const app = newAppName('tidy');
let host: BorrowedHost;
let releases: string[];
let digests: string[];

const base = 'public.ecr.aws/docker/library/caddy:2.11.4-alpine';

/** What others have on the same host: each thing looks old and unused to a careless hand. */
const foreignThings = [
  `docker tag ${base} foreign:1`,
  'docker volume create foreign-data',
  'docker run --detach --name foreign-running foreign:1 sleep 3600',
  'docker run --name foreign-stopped --volume /anonymous foreign:1 true',
  'docker run --name other-r1-000000 --label ec2-deploy.app=other --label ec2-deploy.role=app foreign:1 true',
  `printf 'FROM ${base}\\nLABEL unnamed=yes\\n' | docker build --quiet -`,
].join(' && ');

/** All that the host's engine has and that is not of this app. */
async function foreign() {
  const [containers, images, volumes] = await Promise.all([
    lines(host, "docker ps --all --format '{{.Names}} {{.State}}'"),
    lines(host, "docker images --all --format '{{.Repository}}:{{.Tag}} {{.ID}}'"),
    lines(host, "docker volume ls --format '{{.Name}}'"),
  ]);
  return {
    containers: containers.filter((name) => !name.startsWith(app)),
    images: images.filter((name) => !name.includes(`/${repository}:`)),
    volumes: volumes.filter((name) => name !== 'data'),
  };
}

async function deployVersion(version: number, inputs: Record<string, string> = {}): Promise<ActionResult> {
  const result = await deploy(host, {
    'app-name': app,
    version: String(version),
    'keep-releases': '2',
    volumes: 'data:/data',
    ...inputs,
  });
  releases.unshift(result.outputs['release'] ?? '');
  digests.unshift(result.outputs['image-digest'] ?? '');
  return result;
}

let foreignBefore: Awaited<ReturnType<typeof foreign>>;

beforeAll(async () => {
  host = await borrowHost();
  await host.shell(foreignThings);
  foreignBefore = await foreign();
  releases = [];
  digests = [];
  for (const version of [1, 2, 3]) await deployVersion(version);
});

afterAll(async () => {
  await host.shell('docker rmi foreign:1');
  await host.giveBack();
});

test('containers and images of two releases are left', async () => {
  const [third, second] = releases;

  expect(await servedVersion(host)).toBe('3');
  expect(await containersOf(host, app)).toEqual([`${app}-proxy-80`, `${app}-${second}`, `${app}-${third}`]);
  expect(await digestsOn(host, repository)).toEqual(digests.slice(0, 2).sort());
});

test('the ledger has these two', async () => {
  const [third, second, first] = releases;

  expect(await ledgerOf(app)).toMatchObject({ live: third, releases: [third, second] });
  expect(await statuses([third, second, first])).toEqual(['live', 'live', undefined]);
});

test("what others have on the host is untouched, and so are the app's own volumes", async () => {
  expect(await foreign()).toEqual(foreignBefore);
  expect(await lines(host, 'docker volume ls --quiet --filter name=^data$')).toEqual(['data']);
});

test('a refused release takes the place of none', async () => {
  const [third, second] = releases;

  const { outputs } = await deployVersion(4, { command: 'false' });

  expect(outputs['verdict']).toBe('rolled-back');
  expect(await containersOf(host, app)).toEqual([`${app}-proxy-80`, `${app}-${second}`, `${app}-${third}`]);
  expect(await ledgerOf(app)).toMatchObject({ live: third });
  expect(await statusOf(app, second ?? '')).toBe('live');
});

function statuses(ids: (string | undefined)[]): Promise<(string | undefined)[]> {
  return Promise.all(ids.map((id) => statusOf(app, id ?? '')));
}
