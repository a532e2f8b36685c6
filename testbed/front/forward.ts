import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';

// Headers that speak about one connection only, and Expect, which this server has answered already.
const CONNECTION_HEADERS = new Set(['connection', 'keep-alive', 'proxy-connection', 'expect', 'upgrade']);

// A connection kept for the next request may be dead by then, and a streamed request can't be sent twice.
const NEW_CONNECTIONS = new Agent({ keepAlive: false });

/**
 * Hands a request on to another server and its answer back, unchanged, as both arrive. When that server can't be
 * reached, the client's connection is cut, which is what it would see if it had called the dead server itself.
 *
 * @param body the request's body if it was read already; otherwise it is streamed from the request
 * @param dropHeaders further request headers, in lower case, that the other server must not see
 * @returns the status of the answer when it has been passed on whole, or undefined when the connection broke
 */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  upstream: string,
  body?: Buffer,
  dropHeaders: string[] = [],
): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const outgoing = httpRequest(new URL(request.url ?? '/', upstream), {
    method: request.method ?? 'GET',
    headers: withoutHeaders(request.rawHeaders, dropHeaders) as unknown as OutgoingHttpHeaders,
    setHost: false,
    agent: NEW_CONNECTIONS,
  });
  outgoing.on('response', (incoming) => {
    response.writeHead(
      incoming.statusCode ?? 502,
      incoming.statusMessage,
      withoutHeaders(incoming.rawHeaders, []),
    );
    incoming.on('error', () => response.destroy());
    response.on('finish', () => resolve(incoming.statusCode));
    incoming.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  response.on('close', () => {
    outgoing.destroy();
    resolve(undefined);
  });
  if (body === undefined) {
    request.pipe(outgoing);
  } else {
    outgoing.end(body);
  }
  return promise;
}

/** Raw headers (name, value, name, value…) without those of the connection and the named ones. */
function withoutHeaders(rawHeaders: string[], names: string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (!CONNECTION_HEADERS.has(name) && !names.includes(name)) {
      kept.push(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
    }
  }
  return kept;
}

/** Reads a request's body whole; for the protocols whose bodies are small by their own limits. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
