// Images in the account's registry that no deploy of the test built.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { clientSettings } from '../../../testbed/cloud/account.ts';
import { docker } from '../../../testbed/cloud/docker.ts';
import { access, appFolder } from './cloud.ts';

const ecr = new ECRClient(clientSettings(access));
const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

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

/**
 * Builds a version of the test app and pushes it.
 * @returns its digest
 */
export async function pushVersion(repository: string, version: string, tag: string): Promise<string> {
  const { registry, token } = await registryLogin();
  const name = `${registry}/${repository}:${tag}`;
  const folder = await mkdtemp(join(tmpdir(), 'push-'));
  try {
    await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { [registry]: { auth: token } } }));
    await docker('build', '--quiet', '--build-arg', `VERSION=${version}`, '--tag', name, appFolder);
    const output = await docker('--config', folder, 'push', name);
    return /sha256:[0-9a-f]{64}/.exec(output.split('\n').at(-1) ?? '')?.[0] ?? '';
  } finally {
    await docker('image', 'rm', name);
    await rm(folder, { recursive: true });
  }
}

/** Lets a tag name the image that has the digest. */
export async function moveTag(repository: string, tag: string, digest: string): Promise<void> {
  const { registry, token } = await registryLogin();
  const manifests = `http://${registry}/v2/${repository}/manifests`;
  const authorization = `Basic ${token}`;
  const found = await fetch(`${manifests}/${digest}`, { headers: { authorization, accept: manifestType } });
  const body = await found.text();
  const moved = await fetch(`${manifests}/${tag}`, {
    method: 'PUT',
    headers: { authorization, 'content-type': manifestType },
    body,
  });
  if (!found.ok || !moved.ok)
    throw new Error(`the tag ${tag} did not move: ${found.status}, ${moved.status}`);
}
