import type { IncomingHttpHeaders } from 'node:http';
import type { Context } from 'koa';
import { Problem } from './problem.ts';

/** Largest request body that is read unless a route says otherwise, in bytes. */
export const BODY_LIMIT_BYTES = 16 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a request's JSON body.
 * @throws Problem 400 (no body, broken UTF-8 or JSON), 413 (too large) or 415 (not JSON, or compressed).
 */
export async function readJson(
  context: Pick<Context, 'req' | 'request'>,
  limitBytes: number = BODY_LIMIT_BYTES,
): Promise<unknown> {
  requireJson(context.request);
  return parse(decode(await readBytes(context, limitBytes)));
}

function requireJson(request: Context['request']): void {
  if (isPlainJson(request.headers)) return;
  const type = request.is('application/json', 'application/*+json');
  // `is` returns null when no body is announced, but takes an announced length of 0 for one.
  if (type === null || request.length === 0)
    throw new Problem(400, 'The request has no body. Send a JSON object.');
  if (type === false) throw new Problem(415, 'The body must have the content type application/json.');
  if (!/^(utf-?8)?$/i.test(request.charset)) throw new Problem(415, 'The body must be encoded as UTF-8.');
  if (!/^(identity)?$/i.test(request.get('content-encoding'))) {
    throw new Problem(415, 'The body must not be compressed.');
  }
}

/** What nearly every client sends, told without parsing its headers. */
function isPlainJson(headers: IncomingHttpHeaders): boolean {
  return (
    headers['content-type'] === 'application/json' &&
    headers['content-encoding'] === undefined &&
    headers['content-length'] !== undefined &&
    headers['content-length'] !== '0'
  );
}

/** A stream's events: no iterator or pipe, which cost more than all the rest that a body of one piece needs. */
function readBytes({ req, request }: Pick<Context, 'req' | 'request'>, limitBytes: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const pieces: Buffer[] = [];
  let bytes = 0;
  const take = (piece: Buffer): void => {
    bytes += piece.length;
    if (bytes <= limitBytes) pieces.push(piece);
    else refuse();
  };
  const refuse = (): void => {
    // What still arrives is thrown away, so that the client can finish sending and read the answer.
    req.off('data', take).resume();
    pieces.length = 0;
    reject(new Problem(413, `The body must be at most ${limitBytes} bytes long.`));
  };
  req.on('error', () => reject(new Problem(400, 'The body ended before its announced length.')));
  if ((request.length ?? 0) > limitBytes) refuse();
  else req.on('data', take).on('end', () => resolve(joined(pieces)));
  return promise;
}

function joined(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces;
  return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Problem(400, 'The body is not valid UTF-8.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(400, 'The body is not valid JSON.');
  }
}
