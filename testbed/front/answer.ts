import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ApiCall } from './api-call.ts';
import type { ApiError } from './api-error.ts';
import { encodeStringMap } from './cbor.ts';
import type { JsonObject } from './json.ts';
import { escapeXml, writeXml } from './xml.ts';

const NAMESPACES: Record<string, string> = {
  cloudformation: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  elbv2: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
};

/** Answers a call of the JSON or the query protocol with its result. */
export function sendResult(response: ServerResponse, call: ApiCall, result: JsonObject): void {
  if (call.protocol === 'query') {
    const { contentType, body, headers } = asXml(queryResult(call, result, randomUUID()));
    send(response, 200, contentType, body, headers);
    return;
  }
  send(response, 200, 'application/x-amz-json-1.1', Buffer.from(JSON.stringify(result)), {});
}

/** Answers a call with an error, written as the service's own protocol writes it. */
export function sendError(response: ServerResponse, call: ApiCall, error: ApiError): void {
  const { contentType, body, headers } = writeError(call, error, randomUUID());
  send(response, error.status, contentType, body, headers);
}

/** Answers with plain JSON: the front server's own endpoints, and the registry's errors. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  send(response, status, 'application/json', Buffer.from(`${JSON.stringify(body, null, 2)}\n`), headers);
}

interface Written {
  contentType: string;
  body: Buffer;
  headers: Record<string, string>;
}

function writeError(call: ApiCall, error: ApiError, requestId: string): Written {
  switch (call.protocol) {
    case 'json':
      return jsonError(error, 'application/x-amz-json-1.1');
    case 'rest-json':
      return jsonError(error, 'application/json');
    case 'cbor':
      return cborError(error);
    case 'ec2':
      return asXml(ec2Error(error, requestId));
    case 'rest-xml':
      return asXml(restXmlError(error, requestId));
    case 'query':
      return asXml(queryError(call, error, requestId));
  }
}

function jsonError(error: ApiError, contentType: string): Written {
  const body = Buffer.from(JSON.stringify({ __type: error.code, message: error.message }));
  return { contentType, body, headers: { 'x-amzn-ErrorType': error.code } };
}

function cborError(error: ApiError): Written {
  const body = encodeStringMap({ __type: error.code, message: error.message });
  return { contentType: 'application/cbor', body, headers: { 'smithy-protocol': 'rpc-v2-cbor' } };
}

function asXml(xml: string): Written {
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`);
  return { contentType: 'text/xml;charset=UTF-8', body, headers: {} };
}

function ec2Error(error: ApiError, requestId: string): string {
  return `<Response><Errors><Error>${codeAndMessage(error)}</Error></Errors><RequestID>${requestId}</RequestID></Response>`;
}

function restXmlError(error: ApiError, requestId: string): string {
  return `<Error>${codeAndMessage(error)}<RequestId>${requestId}</RequestId></Error>`;
}

function queryError(call: ApiCall, error: ApiError, requestId: string): string {
  const namespace = NAMESPACES[call.service];
  const root = namespace === undefined ? '<ErrorResponse>' : `<ErrorResponse xmlns="${namespace}">`;
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  return `${root}<Error><Type>${type}</Type>${codeAndMessage(error)}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function queryResult({ service, operation }: ApiCall, result: JsonObject, requestId: string): string {
  return (
    `<${operation}Response xmlns="${NAMESPACES[service]}"><${operation}Result>${writeXml(result)}</${operation}Result>` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`
  );
}

function codeAndMessage(error: ApiError): string {
  return `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>`;
}

function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: Buffer,
  headers: Record<string, string>,
): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': body.length,
    'x-amzn-RequestId': randomUUID(),
    ...headers,
  });
  response.end(body);
}
