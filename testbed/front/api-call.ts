import type { IncomingMessage } from 'node:http';
import { type JsonObject, parseJsonObject } from './json.ts';

/** How a service's requests and answers are written. */
export type Protocol = 'json' | 'query' | 'ec2' | 'cbor' | 'rest-json' | 'rest-xml';

/** One request of an AWS client, as far as its head and, for the protocols that have one, its body tell. */
export interface ApiCall {
  /** The name that the CLI uses: ssm, ecr, ec2, cloudformation, sts, cloudwatch… */
  service: string;
  /** The operation's name; for REST services the method and path. */
  operation: string;
  protocol: Protocol;
  /** Empty when the request isn't signed. */
  accessKeyId: string;
  parameters: JsonObject;
}

const SERVICES_OF_TARGETS: Record<string, string> = {
  AmazonSSM: 'ssm',
  AmazonEC2ContainerRegistry_V20150921: 'ecr',
  GraniteServiceVersion20100801: 'cloudwatch',
  Logs_20140328: 'logs',
};

// The names under which requests are signed, where the CLI calls the service otherwise.
const SERVICES_OF_SIGNING_NAMES: Record<string, string> = {
  monitoring: 'cloudwatch',
  elasticloadbalancing: 'elbv2',
};

const XML_REST_SERVICES = new Set(['s3', 'route53', 'cloudfront']);

/** Tells whether the operation is named in the body, so that the body has to be read before anything else. */
export function namesOperationInBody(request: IncomingMessage): boolean {
  return contentType(request).startsWith('application/x-www-form-urlencoded') || target(request) !== '';
}

/**
 * Reads from a request which operation of which service is called, by whom and with what.
 *
 * @param body the whole body if `namesOperationInBody`, else empty
 */
export function identifyCall(request: IncomingMessage, body: Buffer): ApiCall {
  const credential = signingCredential(request);
  const named = { accessKeyId: credential.accessKeyId };
  if (target(request) !== '') {
    return { ...named, ...identifyTargetCall(request, body, credential.service) };
  }
  if (contentType(request).startsWith('application/x-www-form-urlencoded')) {
    return { ...named, ...identifyQueryCall(body, credential.service) };
  }
  const cbor = /^\/service\/([^/]+)\/operation\/([^/?]+)/.exec(request.url ?? '');
  if (cbor?.[1] !== undefined && cbor[2] !== undefined) {
    const service = SERVICES_OF_TARGETS[cbor[1]] ?? serviceOf(credential.service);
    return { ...named, service, operation: cbor[2], protocol: 'cbor', parameters: {} };
  }
  return { ...named, ...identifyRestCall(request, credential.service) };
}

type Identified = Omit<ApiCall, 'accessKeyId'>;

function identifyTargetCall(request: IncomingMessage, body: Buffer, signingName: string): Identified {
  const [prefix = '', operation = ''] = target(request).split('.');
  const service = SERVICES_OF_TARGETS[prefix] ?? serviceOf(signingName || prefix.toLowerCase());
  return { service, operation, protocol: 'json', parameters: readParameters(body) };
}

/** The parameters of a JSON body; none if it isn't one, which is for whoever answers the call to refuse. */
function readParameters(body: Buffer): JsonObject {
  try {
    return parseJsonObject(body.toString('utf8'));
  } catch {
    return {};
  }
}

function identifyQueryCall(body: Buffer, signingName: string): Identified {
  const parameters = Object.fromEntries(new URLSearchParams(body.toString('utf8')));
  const { Action: operation = '', Version: _version, ...rest } = parameters;
  // AssumeRoleWithWebIdentity is the one call that nobody can sign.
  const service = signingName === '' && operation.startsWith('AssumeRole') ? 'sts' : serviceOf(signingName);
  return { service, operation, protocol: service === 'ec2' ? 'ec2' : 'query', parameters: rest };
}

function identifyRestCall(request: IncomingMessage, signingName: string): Identified {
  const service = serviceOf(signingName);
  const path = (request.url ?? '/').split('?')[0];
  const protocol = XML_REST_SERVICES.has(service) ? 'rest-xml' : 'rest-json';
  return { service, operation: `${request.method} ${path}`, protocol, parameters: {} };
}

function serviceOf(signingName: string): string {
  return SERVICES_OF_SIGNING_NAMES[signingName] ?? (signingName || 'unknown');
}

/** The access key and service of a Signature Version 4 header; empty strings when there is none. */
function signingCredential(request: IncomingMessage): { accessKeyId: string; service: string } {
  const match = /Credential=([^/,\s]+)\/[^/]+\/[^/]*\/([^/]+)\/aws4_request/.exec(
    request.headers.authorization ?? '',
  );
  return { accessKeyId: match?.[1] ?? '', service: match?.[2] ?? '' };
}

function contentType(request: IncomingMessage): string {
  return request.headers['content-type'] ?? '';
}

function target(request: IncomingMessage): string {
  const value = request.headers['x-amz-target'];
  return typeof value === 'string' ? value : '';
}
