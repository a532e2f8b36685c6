import { randomUUID } from 'node:crypto';

/** Characters that mean nothing to a shell, a log or a header; the length of a UUID, of a trace id, and more. */
const WELL_FORMED = /^[\w.:+/=-]{1,128}$/;

/** Returns the id that the client or a proxy gave the request if it is well formed, otherwise a new one. */
export function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && WELL_FORMED.test(given) ? given : randomUUID();
}
