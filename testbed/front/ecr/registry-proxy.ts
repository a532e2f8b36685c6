import { createHash } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { sendJson } from '../answer.ts';
import { ApiError } from '../api-error.ts';
import { forward, readBody } from '../forward.ts';
import type { JsonObject } from '../json.ts';
import { type ImagesContext, immutableTagMessage } from './images.ts';
import { findRepository, isImmutableTag } from './repositories.ts';
import type { TokenStore } from './tokens.ts';

export interface RegistryProxyOptions extends ImagesContext {
  registryUrl: string;
  tokens: TokenStore;
  /** True while a fault says that the registry is down. */
  isStopped(): boolean;
}

/** What clients see as the registry: the real one behind the doors that ECR has. */
export function registryProxy(options: RegistryProxyOptions): RequestListener {
  return (request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      refuse(response, 500, 'UNKNOWN', `The registry proxy failed: ${message}`);
    });
  };
}

async function answer(
  options: RegistryProxyOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (options.isStopped()) {
    request.socket.destroy();
    return;
  }
  const state = tokenState(options.tokens, request.headers.authorization);
  if (state !== 'valid') {
    const expired = 'Your authorization token has expired. Reauthenticate and try again.';
    return refuse(response, 401, 'DENIED', state === 'expired' ? expired : 'Not Authorized', {
      'www-authenticate': 'Basic realm="ec2-deploy-cloud",service="ecr.amazonaws.com"',
    });
  }
  const place = readPlace(request.url ?? '/');
  if (place === undefined) {
    await forwardToRegistry(options, request, response);
    return;
  }
  const description = await knownRepository(options, place.repository);
  if (description === undefined) {
    return refuse(
      response,
      404,
      'NAME_UNKNOWN',
      `The repository with name '${place.repository}' does not exist in the registry with id '${options.accountId}'`,
    );
  }
  await answerForRepository(options, request, response, place, description);
}

async function answerForRepository(
  options: RegistryProxyOptions,
  request: IncomingMessage,
  response: ServerResponse,
  place: Place,
  description: JsonObject,
): Promise<void> {
  if (request.method !== 'PUT' || place.reference === undefined) {
    await forwardToRegistry(options, request, response);
    return;
  }
  const manifest = await readBody(request);
  const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
  if (await movesImmutableTag(options, description, place.repository, place.reference, digest)) {
    return refuse(response, 400, 'TAG_INVALID', immutableTagMessage(place.repository, place.reference));
  }
  const status = await forwardToRegistry(options, request, response, manifest);
  if (status === 201) {
    options.pushes.record(place.repository, digest);
  }
}

async function movesImmutableTag(
  { registry }: RegistryProxyOptions,
  description: JsonObject,
  repository: string,
  reference: string,
  digest: string,
): Promise<boolean> {
  if (reference.startsWith('sha256:') || !isImmutableTag(description, reference)) {
    return false;
  }
  const existing = await registry.manifest(repository, reference);
  return existing !== undefined && existing.digest !== digest;
}

function forwardToRegistry(
  { registryUrl }: RegistryProxyOptions,
  request: IncomingMessage,
  response: ServerResponse,
  body?: Buffer,
): Promise<number | undefined> {
  return forward(request, response, registryUrl, body, ['authorization']);
}

async function knownRepository(
  { moto }: RegistryProxyOptions,
  name: string,
): Promise<JsonObject | undefined> {
  try {
    return await findRepository(moto, name);
  } catch (error) {
    if (error instanceof ApiError && error.code === 'RepositoryNotFoundException') {
      return undefined;
    }
    throw error;
  }
}

interface Place {
  repository: string;
  /** The tag or digest, when the place is a manifest. */
  reference: string | undefined;
}

/** The repository that a path of the registry's API is about; undefined for /v2/ itself and the like. */
function readPlace(url: string): Place | undefined {
  const match = /^\/v2\/(.+?)\/(?:manifests\/([^/?]+)|blobs\/|tags\/|referrers\/)/.exec(url);
  return match?.[1] === undefined ? undefined : { repository: match[1], reference: match[2] };
}

function tokenState(tokens: TokenStore, authorization: string | undefined): ReturnType<TokenStore['check']> {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? '')?.[1] ?? '';
  const [user, password = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return user === 'AWS' ? tokens.check(password) : 'unknown';
}

function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  sendJson(
    response,
    status,
    { errors: [{ code, message }] },
    { 'docker-distribution-api-version': 'registry/2.0', ...headers },
  );
}
