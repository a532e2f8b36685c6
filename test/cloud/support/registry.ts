// Images in the account's registry that no deploy of the test built.
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { clientSettings } from '../../../testbed/cloud/account.ts';
import { docker } from '../../../testbed/cloud/docker.ts';
import { access, repository } from './account.ts';

export const appFolder = `${import.meta.dirname}/app`;

const ecr = new ECRClient(clientSettings(access));
const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';
const indexType = 'application/vnd.docker.distribution.manifest.list.v2+json';

interface Login {
  /** Host and port, as names of images start with it. */
  registry: string;
  /** What follows `Basic ` in a request. */
  token: string;
}

/** The account's registry, and a login to it. */
export async function registryLogin(): Promise<Login> {
  const { authorizationData = [] } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const [{ proxyEndpoint = '', authorizationToken = '' } = {}] = authorizationData;
  return { registry: new URL(proxyEndpoint).host, token: authorizationToken };
}

/** Keeps what was pushed, by name; what failed is pushed anew by the second try of a test. */
function onlyOnce(
  pushed: Map<string, Promise<string>>,
  name: string,
  push: () => Promise<string>,
): Promise<string> {
  const digest = pushed.get(name) ?? push();
  pushed.set(name, digest);
  digest.catch(() => pushed.delete(name));
  return digest;
}

const versions = new Map<string, Promise<string>>();
const builds = new Map<string, Promise<string>>();

/** An image of the test app's version in the repository that every cloud has. It is pushed when it is first asked for. */
export async function pushedVersion(version: string): Promise<string> {
  const push = () => pushVersion(repository, version, `version-${version}`);
  return `${repository}@${await onlyOnce(versions, version, push)}`;
}

/**
 * Pushes a version of the test app. It is built once for a repository, since versions differ in a variable of their configuration alone.
 * @returns its digest
 */
export async function pushVersion(repository: string, version: string, tag: string): Promise<string> {
  const built = await onlyOnce(builds, repository, () => buildAndPush(repository));
  const manifest = JSON.parse(await readManifest(repository, built));
  const answer = await request(`/v2/${repository}/blobs/${manifest.config.digest}`);
  const image = JSON.parse(await answer.text());
  image.config.Env = image.config.Env.map((variable: string) =>
    variable.startsWith('VERSION=') ? `VERSION=${version}` : variable,
  );
  const configuration = JSON.stringify(image);
  manifest.config.digest = await putBlob(repository, configuration);
  manifest.config.size = Buffer.byteLength(configuration);
  return putManifest(repository, tag, manifestType, JSON.stringify(manifest));
}

async function buildAndPush(repository: string): Promise<string> {
  const { registry, token } = await registryLogin();
  const name = `${registry}/${repository}:built`;
  const folder = await mkdtemp(join(tmpdir(), 'push-'));
  try {
    await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { [registry]: { auth: token } } }));
    await docker('build', '--quiet', '--tag', name, appFolder);
    const output = await docker('--config', folder, 'push', name);
    return /sha256:[0-9a-f]{64}/.exec(output.split('\n').at(-1) ?? '')?.[0] ?? '';
  } finally {
    await docker('image', 'rm', name);
    await rm(folder, { recursive: true });
  }
}

/** Lets a tag name the image that has the digest. */
export async function moveTag(repository: string, tag: string, digest: string): Promise<void> {
  await putManifest(repository, tag, manifestType, await readManifest(repository, digest));
}

/**
 * Pushes an index that offers the image for one architecture and has nothing for others.
 * @returns its digest
 */
export async function pushIndex(
  repository: string,
  tag: string,
  digest: string,
  architecture: string,
): Promise<string> {
  const manifest = await readManifest(repository, digest);
  const entry = {
    mediaType: manifestType,
    digest,
    size: Buffer.byteLength(manifest),
    platform: { os: 'linux', architecture },
  };
  const index = { schemaVersion: 2, mediaType: indexType, manifests: [entry] };
  return putManifest(repository, tag, indexType, JSON.stringify(index));
}

/** What a tag names. */
export async function digestOf(repository: string, tag: string): Promise<string> {
  const looked = await request(`/v2/${repository}/manifests/${tag}`, {
    method: 'HEAD',
    headers: { accept: manifestType },
  });
  return looked.headers.get('docker-content-digest') ?? '';
}

async function readManifest(repository: string, digest: string): Promise<string> {
  const answer = await request(`/v2/${repository}/manifests/${digest}`, {
    headers: { accept: manifestType },
  });
  return answer.text();
}

async function putManifest(repository: string, tag: string, type: string, body: string): Promise<string> {
  const upload = { method: 'PUT', headers: { 'content-type': type }, body };
  const { headers } = await request(`/v2/${repository}/manifests/${tag}`, upload);
  return headers.get('docker-content-digest') ?? '';
}

async function putBlob(repository: string, body: string): Promise<string> {
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  const begun = await request(`/v2/${repository}/blobs/uploads/`, { method: 'POST' });
  const place = new URL(begun.headers.get('location') ?? '', begun.url);
  place.searchParams.set('digest', digest);
  const upload = { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, body };
  await request(place.pathname + place.search, upload);
  return digest;
}

type RegistryRequest = RequestInit & { headers?: Record<string, string> };

let login: Login | undefined;

async function request(path: string, options: RegistryRequest = {}): Promise<Response> {
  login ??= await registryLogin();
  let answer = await requestAs(login, path, options);
  if (answer.status === 401) {
    // Some tests let every login expire.
    login = await registryLogin();
    answer = await requestAs(login, path, options);
  }
  if (answer.ok) return answer;
  throw new Error(`the registry answered ${answer.status} about ${path}`);
}

function requestAs(
  { registry, token }: Login,
  path: string,
  { headers = {}, ...options }: RegistryRequest,
): Promise<Response> {
  return fetch(`http://${registry}${path}`, {
    ...options,
    headers: { ...headers, authorization: `Basic ${token}` },
  });
}
