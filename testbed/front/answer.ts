import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ApiCall } from './api-call.ts';
import type { ApiError } from './api-error.ts';
import { encodeStringMap } from './cbor.ts';
import type { JsonObject } from './json.ts';

const NAMESPACES: Record<string, string> = {
  cloudformation: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
};

/** Answers a call of the JSON protocol with its result. */
export function sendResult(response: ServerResponse, result: JsonObject): void {
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

interface WrittenError {
  contentType: string;
  body: Buffer;
  headers: Record<string, string>;
}

function writeError(call: ApiCall, error: ApiError, requestId: string): WrittenError {
  switch (call.protocol) {
    case 'json':
      return jsonError(error, 'application/x-amz-json-1.1');
    case 'rest-json':
      return jsonError(error, 'application/json');
    case 'cbor':
      return cborError(error);
    case 'ec2':
      return xmlError(ec2Error(error, requestId));
    case 'rest-xml':
      return xmlError(restXmlError(error, requestId));
    case 'query':
      return xmlError(queryError(call, error, requestId));
  }
}

function jsonError(error: ApiError, contentType: string): WrittenError {
  const body = Buffer.from(JSON.stringify({ __type: error.code, message: error.message }));
  return { contentType, body, headers: { 'x-amzn-ErrorType': error.code } };
}

function cborError(error: ApiError): WrittenError {
  const body = encodeStringMap({ __type: error.code, message: error.message });
  return { contentType: 'application/cbor', body, headers: { 'smithy-protocol': 'rpc-v2-cbor' } };
}

function xmlError(xml: string): WrittenError {
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

function codeAndMessage(error: ApiError): string {
  return `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
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
