import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRepository } from '../../testbed/cloud/account.ts';
import { docker } from '../../testbed/cloud/docker.ts';
import type { ActionResult } from '../../testbed/runner/run.ts';
import { annotations, newAppName } from './support/app-state.ts';
import {
  access,
  appFolder,
  type BorrowedHost,
  borrowHost,
  type DeployOptions,
  deploy,
  servedVersion,
} from './support/cloud.ts';
import { digestOf, moveTag, pushVersion, registryLogin } from './support/registry.ts';

const app = newAppName('ready');
const repository = `team/${app}`;
let host: BorrowedHost;
let registry: string;
let first: string;
let second: string;

beforeAll(async () => {
  [host, { registry }] = await Promise.all([
    borrowHost(),
    registryLogin(),
    createRepository(access, repository),
  ]);
  first = await pushVersion(repository, '1', 'v1');
  second = await pushVersion(repository, '2', 'v2');
});

afterAll(() => host.giveBack());

function deployImage(image: string, options: DeployOptions = {}): Promise<ActionResult> {
  return deploy(host, { 'app-name': app, repository, image }, options);
}

/** Deploys, and says what came of it. */
async function outcomeOf(image: string, options: DeployOptions = {}) {
  const { outputs, log } = await deployImage(image, options);
  expect(log).not.toContain('Building');
  return {
    verdict: outputs['verdict'],
    digest: outputs['image-digest'],
    image: outputs['image'],
    version: await servedVersion(host),
  };
}

/** What is expected of it. */
function outcome(verdict: 'deployed' | 'unchanged', digest: string, version: string) {
  return { verdict, digest, image: `${registry}/${repository}@${digest}`, version };
}

describe('a tag that moves', () => {
  test('while it is being deployed: the digest that it named at first is what is deployed', async () => {
    await moveTag(repository, 'newest', first);
    const events: string[] = [];
    const onLine = (line: string) => {
      if (line.startsWith('Rolling out')) events.push('rolling out');
      if (line.startsWith('The image is')) {
        void moveTag(repository, 'newest', second).then(() => events.push('moved'));
      }
    };

    expect(await outcomeOf(`${repository}:newest`, { onLine })).toEqual(outcome('deployed', first, '1'));
    expect(events).toEqual(['moved', 'rolling out']);
  });

  test('between two deploys: the second one deploys what it names now', async () => {
    expect(await outcomeOf(`${repository}:newest`)).toEqual(outcome('deployed', second, '2'));
  });
});

describe('an image can be named', () => {
  test("by a digest of the repository's name alone", async () => {
    expect(await outcomeOf(`${repository}@${first}`)).toEqual(outcome('deployed', first, '1'));
  });

  test.each([
    ["by a tag of the name with the registry's", () => `${registry}/${repository}:v1`],
    ["by a digest of the name with the registry's", () => `${registry}/${repository}@${first}`],
    ['by a tag and a digest, of which the digest counts', () => `${repository}:v2@${first}`],
    ["by both, with the registry's name", () => `${registry}/${repository}:v2@${first}`],
  ])('%s', async (_, image) => {
    expect(await outcomeOf(image())).toEqual(outcome('unchanged', first, '1'));
  });
});

describe('an image that cannot be deployed is named with what to do', () => {
  const absent = `sha256:${'0'.repeat(64)}`;

  test.each([
    [
      'tag does not exist',
      () => `${repository}:v3`,
      () => `The repository ${repository} has no image v3. Check the input image.`,
    ],
    [
      'digest does not exist',
      () => `${registry}/${repository}@${absent}`,
      () => `The repository ${repository} has no image ${absent}. Check the input image.`,
    ],
    [
      'repository does not exist',
      () => `${registry}/team/nobody:v1`,
      () => 'There is no ECR repository team/nobody in ',
    ],
    [
      'tag is of another registry',
      () => 'quay.io/team/shop:v1',
      () =>
        `The image quay.io/team/shop:v1 is not in ${registry}, so its tag cannot be looked up. Name it by digest: NAME@sha256:…`,
    ],
    [
      'tag is of another repository without its registry',
      () => 'other:v1',
      () => `The image other:v1 is not in ${registry}, so its tag cannot be looked up.`,
    ],
  ])('when its %s', async (_, image, said) => {
    const result = await deployImage(image());

    expect({ exitCode: result.exitCode, verdict: result.outputs['verdict'] }).toEqual({
      exitCode: 1,
      verdict: 'failed',
    });
    expect(annotations(result, 'error')).toContain(said());
    expect(await servedVersion(host)).toBe('1');
  });
});

describe('a commit that is built again', () => {
  test('is deployed, and its tag stays where it is: the repository may keep tags from moving', async () => {
    const immutable = `immutable/${app}`;
    await createRepository(access, immutable, {
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest' }],
    });
    const sha = randomBytes(20).toString('hex');
    const name = `${registry}/${immutable}`;
    const build = (version: number, onLine = (_: string) => {}) =>
      deploy(
        host,
        { 'app-name': app, repository: immutable, context: appFolder, 'build-args': `VERSION=${version}` },
        { sha, onLine },
      );
    // As a job on the same engine moves it, whose image would be deployed if that were what names the build.
    const moving: Promise<void>[] = [];
    let pushed = false;
    const moveLatest = async () => {
      while (!pushed) await docker('tag', `${name}:${sha}`, `${name}:latest`);
    };

    const once = await build(3);
    const again = await build(4, (line) => {
      if (/exporting to image|^Step 1/.test(line)) moving.push(moveLatest(), moveLatest());
      if (line.startsWith('The image is')) pushed = true;
    }).finally(() => {
      pushed = true;
    });

    await Promise.all(moving);
    expect(moving).not.toEqual([]);
    expect([once, again].map(({ outputs }) => outputs['verdict'])).toEqual(['deployed', 'deployed']);
    expect(await servedVersion(host)).toBe('4');
    expect(await digestOf(immutable, sha)).toBe(once.outputs['image-digest']);
  });
});
