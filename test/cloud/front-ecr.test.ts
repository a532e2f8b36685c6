import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  ECRClient,
  type ImageTagMutability,
  ListImagesCommand,
  PutImageCommand,
  PutImageTagMutabilityCommand,
} from '@aws-sdk/client-ecr';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { clientSettings } from '../../testbed/cloud/account.ts';
import { docker, dockerLines } from '../../testbed/cloud/docker.ts';
import { access, borrowHost, fault, noFaults } from './support/cloud.ts';
import { aws, awsText } from './support/front.ts';

const repository = 'front/shop';
/** A client of its own: the machine's docker keeps its credentials. */
let client: string;
let registry: string;

beforeAll(async () => {
  client = await mkdtemp(join(tmpdir(), 'front-ecr-'));
  await ecr.send(new CreateRepositoryCommand({ repositoryName: repository }));
  const { authorizationData } = (await aws('ecr', 'get-authorization-token')) as {
    authorizationData: { proxyEndpoint: string }[];
  };
  registry = authorizationData[0]?.proxyEndpoint.replace('http://', '') ?? '';
});

afterEach(() => noFaults());

afterAll(async () => {
  // Also those that lost their tag to a later build.
  const built = await dockerLines('images', '--quiet', '--filter', `reference=${registry}/front/*`);
  await docker('rmi', '--force', ...new Set(built));
  await ecr.send(new DeleteRepositoryCommand({ repositoryName: repository, force: true }));
  await rm(client, { recursive: true });
});

function as(...args: string[]): Promise<string> {
  return docker('--config', client, ...args);
}

function logIn(password: string): string {
  const args = ['--config', client, 'login', '--username', 'AWS', '--password-stdin', registry];
  return execFileSync('docker', args, { input: password, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
}

/** Builds an image of one small file, so that pushing it takes no time. */
async function buildImage(tag: string, content: string, name = repository): Promise<string> {
  const image = `${registry}/${name}:${tag}`;
  const context = await mkdtemp(join(client, 'context-'));
  await writeFile(join(context, 'Dockerfile'), 'FROM scratch\nCOPY content /content\n');
  await writeFile(join(context, 'content'), content);
  await docker('build', '--quiet', '--tag', image, context);
  return image;
}

/** Pushes an image and returns the digest under which docker says it is stored. */
async function push(image: string): Promise<string> {
  return /digest: (sha256:[0-9a-f]{64})/.exec(await as('push', image))?.[1] ?? '';
}

const ecr = new ECRClient({ ...clientSettings(access), maxAttempts: 1 });

async function digestOf(imageTag: string, repositoryName = repository): Promise<string> {
  const request = { repositoryName, imageIds: [{ imageTag }] };
  const { imageDetails = [] } = await ecr.send(new DescribeImagesCommand(request));
  return imageDetails[0]?.imageDigest ?? '';
}

async function setMutability(imageTagMutability: ImageTagMutability): Promise<void> {
  await ecr.send(new PutImageTagMutabilityCommand({ repositoryName: repository, imageTagMutability }));
}

test("the token of get-login-password opens the registry for twelve hours, another password doesn't", async () => {
  expect(() => logIn('wrong')).toThrow(/Not Authorized|unauthorized|denied/i);
  expect(logIn(await awsText('ecr', 'get-login-password'))).toContain('Login Succeeded');

  const answer = (await aws('ecr', 'get-authorization-token')) as {
    authorizationData: { authorizationToken: string; expiresAt: string }[];
  };
  const [token] = answer.authorizationData;
  const hours = (Date.parse(token?.expiresAt ?? '') - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(11.9);
  expect(hours).toBeLessThanOrEqual(12);
  expect(Buffer.from(token?.authorizationToken ?? '', 'base64').toString()).toMatch(/^AWS:.{100,}$/);
});

test('what is pushed is described with its real digest, size and time', async () => {
  const before = Date.now();
  const digest = await push(await buildImage('v1', 'x'.repeat(5_000)));

  const { imageDetails } = (await aws('ecr', 'describe-images', '--repository-name', repository)) as {
    imageDetails: { imagePushedAt: string; imageSizeInBytes: number }[];
  };
  expect(imageDetails).toMatchObject([
    { imageDigest: digest, imageTags: ['v1'], repositoryName: repository, registryId: '123456789012' },
  ]);
  expect(imageDetails[0]?.imageSizeInBytes).toBe(await sizeOf('v1'));
  expect(Date.parse(imageDetails[0]?.imagePushedAt ?? '')).toBeGreaterThanOrEqual(before - 1_000);
});

/** The sizes that the image's manifest states, added up. */
async function sizeOf(imageTag: string): Promise<number> {
  const { images = [] } = await ecr.send(
    new BatchGetImageCommand({ repositoryName: repository, imageIds: [{ imageTag }] }),
  );
  const manifest: Manifest = JSON.parse(images[0]?.imageManifest ?? '');
  return manifest.layers.reduce((sum, layer) => sum + layer.size, manifest.config.size);
}

interface Manifest {
  config: { size: number };
  layers: { size: number }[];
}

test('a tag is added without pulling: batch-get-image, then put-image', async () => {
  const named = ['--repository-name', repository];
  const answer = await aws('ecr', 'batch-get-image', ...named, '--image-ids', 'imageTag=v1', 'imageTag=nope');
  expect(answer).toMatchObject({
    failures: [{ imageId: { imageTag: 'nope' }, failureCode: 'ImageNotFound' }],
  });
  const [{ imageManifest } = { imageManifest: '' }] = answer['images'] as { imageManifest: string }[];

  await aws('ecr', 'put-image', ...named, '--image-tag', 'stable', '--image-manifest', imageManifest);

  expect(await digestOf('stable')).toBe(await digestOf('v1'));
  const again = new PutImageCommand({ repositoryName: repository, imageTag: 'stable', imageManifest });
  await expect(ecr.send(again)).rejects.toThrow(
    expect.objectContaining({ name: 'ImageAlreadyExistsException' }),
  );
});

test('a moved tag leaves its old image without one, and deleting works by tag and by digest', async () => {
  const named = ['--repository-name', repository];
  const first = await push(await buildImage('moving', 'first'));
  const second = await push(await buildImage('moving', 'second'));
  expect(await digestOf('moving')).toBe(second);
  expect(await aws('ecr', 'list-images', ...named, '--filter', 'tagStatus=UNTAGGED')).toEqual({
    imageIds: [{ imageDigest: first }],
  });

  const gone = [`imageDigest=${first}`, 'imageTag=stable'];
  await aws('ecr', 'batch-delete-image', ...named, '--image-ids', ...gone);

  const { imageIds = [] } = await ecr.send(new ListImagesCommand({ repositoryName: repository }));
  expect(imageIds.map((one) => one.imageTag).sort()).toEqual(['moving', 'v1']);
});

test('what does not exist is said not to, in the words of ECR and of docker', async () => {
  await expect(digestOf('v9')).rejects.toThrow(/imageTag:'v9'.*does not exist/);
  await expect(digestOf('v1', 'front/none')).rejects.toThrow(
    /repository with name 'front\/none' does not exist/,
  );
  await expect(push(await buildImage('v1', 'x', 'front/none'))).rejects.toThrow(
    /repository with name 'front\/none' does not exist/,
  );
});

test('an immutable tag stays where it is', async () => {
  const digest = await push(await buildImage('fixed', 'first'));
  await setMutability('IMMUTABLE');

  await expect(push(await buildImage('fixed', 'second'))).rejects.toThrow(
    /tag 'fixed' already exists.*immutable/,
  );

  await setMutability('MUTABLE');
  expect(await digestOf('fixed')).toBe(digest);
});

test('expired tokens are refused until a new one is fetched', async () => {
  await fault({ expireTokens: true });
  const image = await buildImage('late', 'late');

  await expect(push(image)).rejects.toThrow(/expired|unauthorized|no basic auth/i);

  logIn(await awsText('ecr', 'get-login-password'));
  expect(await push(image)).toMatch(/^sha256:/);
});

test('a registry that stopped drops every connection, and comes back with all it had', async () => {
  await fault({ stopRegistry: true });
  await expect(fetch(`http://${registry}/v2/`)).rejects.toThrow();

  await noFaults();

  expect((await fetch(`http://${registry}/v2/`)).status).toBe(401);
  expect(await digestOf('late')).toMatch(/^sha256:/);
});

test('a missing right to push is what docker says', async () => {
  await fault({
    service: 'ecr',
    operation: 'PutImage',
    error: 'AccessDeniedException',
    message: 'not authorized to perform: ecr:PutImage',
  });

  await expect(push(await buildImage('denied', 'denied'))).rejects.toThrow(
    /denied: not authorized to perform: ecr:PutImage/,
  );
});

test('a repository is deleted with its images only when told so, and a new one of its name is empty', async () => {
  const repositoryName = 'front/short';
  await ecr.send(new CreateRepositoryCommand({ repositoryName }));
  await push(await buildImage('v1', 'short', repositoryName));

  await expect(aws('ecr', 'delete-repository', '--repository-name', repositoryName)).rejects.toThrow(
    /RepositoryNotEmptyException/,
  );
  await ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true }));
  await expect(digestOf('v1', repositoryName)).rejects.toThrow(
    /repository with name 'front\/short' does not exist/,
  );

  await ecr.send(new CreateRepositoryCommand({ repositoryName }));
  const { imageIds } = await ecr.send(new ListImagesCommand({ repositoryName }));
  expect(imageIds).toEqual([]);
  await ecr.send(new DeleteRepositoryCommand({ repositoryName }));
});

test('a host pulls what the runner pushed, under the same name and with its own role', async () => {
  const host = await borrowHost();
  try {
    const image = `${registry}/${repository}@${await digestOf('v1')}`;
    const logInThere = `aws ecr get-login-password | docker login --username AWS --password-stdin ${registry}`;

    await expect(host.shell(`docker pull --quiet ${image}`)).rejects.toThrow(/Not Authorized|no basic auth/i);

    expect(await host.shell(`${logInThere} 2>/dev/null && docker pull --quiet ${image}`)).toContain(image);
  } finally {
    await host.giveBack();
  }
});
