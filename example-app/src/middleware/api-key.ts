import { createHash, timingSafeEqual } from 'node:crypto';
import type { Middleware } from 'koa';
import { Problem } from '../util/problem.ts';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Lets requests that write pass only with `Authorization: Bearer KEY`. The middleware throws Problem 401.
 * @param readOnlyPaths that take POST without writing anything.
 */
export function requireApiKey(apiKey: string, readOnlyPaths: readonly string[]): Middleware {
  const expected = digest(`Bearer ${apiKey}`);
  return (context, next) => {
    const writes = !READING.has(context.method) && !readOnlyPaths.includes(context.path);
    if (writes && !timingSafeEqual(digest(normalised(context.get('authorization'))), expected))
      throw unauthorized();
    return next();
  };
}

/** The scheme's name may be written in any case (RFC 9110, 11.1). */
function normalised(authorization: string): string {
  return authorization.replace(/^bearer +/i, 'Bearer ');
}

/** Digests have one length, which the comparison needs, and which tells nothing of the key's. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function unauthorized(): Problem {
  return new Problem(401, 'Writing needs the API key. Send it as "Authorization: Bearer KEY".', {
    headers: { 'WWW-Authenticate': 'Bearer realm="example-app"' },
  });
}
