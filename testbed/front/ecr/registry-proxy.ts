import { createHash } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { sendJson } from '../answer.ts';
import type { ApiCall } from '../api-call.ts';
import { ApiError } from '../api-error.ts';
import { forward, readBody } from '../forward.ts';
import { admit, type Gate } from '../gate.ts';
import type { JsonObject } from '../json.ts';
import { type ImagesContext, immutableTagMessage } from './images.ts';
import { identifyRegistryCall } from './registry-call.ts';
import { isImmutableTag } from './repositories.ts';
import type { TokenState, TokenStore } from './tokens.ts';

export interface RegistryProxyOptions {
  images: ImagesContext;
  gate: Gate;
  registryUrl: string;
  tokens: TokenStore;
  /** True while a fault says that the registry is down. */
  isStopped(): boolean;
}

/** What the registry refuses, in its own words. */
class RegistryError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** What clients see as the registry: the real one behind the doors that ECR has. */
export function registryProxy(options: RegistryProxyOptions): RequestListener {
  return (request, response) => {
    if (options.isStopped()) {
      request.socket.destroy();
      return;
    }
    answer(options, request, response).catch((error: unknown) => {
      request.resume();
      refuse(response, asRegistryError(error));
    });
  };
}

async function answer(
  options: RegistryProxyOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const call = identifyRegistryCall(request, requireToken(options.tokens, request));
  if (call === undefined) {
    await forwardToRegistry(options, request, response);
    return;
  }
  await admit(options.gate, call);
  const repository = String(call.parameters['repositoryName']);
  const description = await requireRepository(options.images, repository);
  if (call.operation !== 'PutImage') {
    await forwardToRegistry(options, request, response);
    return;
  }
  const manifest = await readBody(request);
  const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
  await requireMovableTag(options.images, description, call, digest);
  if ((await forwardToRegistry(options, request, response, manifest)) === 201) {
    options.images.pushes.record(repository, digest);
  }
}

function requireToken(tokens: TokenStore, request: IncomingMessage): string {
  const token = readToken(tokens, request.headers.authorization);
  if (token.state === 'valid') {
    return token.accessKeyId;
  }
  const expired = 'Your authorization token has expired. Reauthenticate and try again.';
  throw new RegistryError(401, 'DENIED', token.state === 'expired' ? expired : 'Not Authorized', {
    'www-authenticate': 'Basic realm="ec2-deploy-cloud",service="ecr.amazonaws.com"',
  });
}

function readToken(tokens: TokenStore, authorization: string | undefined): TokenState {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? '')?.[1] ?? '';
  const [user, password = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return user === 'AWS' ? tokens.check(password) : { state: 'unknown' };
}

async function requireRepository(
  { repositories, accountId }: ImagesContext,
  name: string,
): Promise<JsonObject> {
  try {
    return await repositories.open(name);
  } catch (error) {
    if (error instanceof ApiError && error.code === 'RepositoryNotFoundException') {
      const message = `The repository with name '${name}' does not exist in the registry with id '${accountId}'`;
      throw new RegistryError(404, 'NAME_UNKNOWN', message);
    }
    throw error;
  }
}

async function requireMovableTag(
  { registry }: ImagesContext,
  description: JsonObject,
  { parameters }: ApiCall,
  digest: string,
): Promise<void> {
  const repository = String(parameters['repositoryName']);
  const tag = parameters['imageTag'];
  if (typeof tag !== 'string' || !isImmutableTag(description, tag)) {
    return;
  }
  const existing = await registry.manifest(repository, tag);
  if (existing !== undefined && existing.digest !== digest) {
    throw new RegistryError(400, 'TAG_INVALID', immutableTagMessage(repository, tag));
  }
}

function forwardToRegistry(
  { registryUrl }: RegistryProxyOptions,
  request: IncomingMessage,
  response: ServerResponse,
  body?: Buffer,
): Promise<number | undefined> {
  return forward(request, response, registryUrl, body, ['authorization']);
}

/** A missing right is 403 DENIED to docker; other errors of the API keep their code and status. */
function asRegistryError(error: unknown): RegistryError {
  if (error instanceof RegistryError) {
    return error;
  }
  if (error instanceof ApiError) {
    return error.code === 'AccessDeniedException'
      ? new RegistryError(403, 'DENIED', error.message)
      : new RegistryError(error.status, error.code, error.message);
  }
  console.error('front: the registry proxy failed:', error);
  return new RegistryError(500, 'UNKNOWN', error instanceof Error ? error.message : String(error));
}

function refuse(response: ServerResponse, { status, code, message, headers }: RegistryError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const version = { 'docker-distribution-api-version': 'registry/2.0' };
  sendJson(response, status, { errors: [{ code, message }] }, { ...version, ...headers });
}
