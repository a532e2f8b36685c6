import { randomUUID } from 'node:crypto';

/** Characters that mean nothing to a shell, a log or a header; the length of a UUID, of a trace id, and more. */
const WELL_FORMED = /^[\w.:+/=-]{1,128}$/;

const COUNTER_DIGITS = 12;
/** Random for each process, and counted on from there: cheaper than a random id for each request, and as unique. */
const start = randomUUID().slice(0, -COUNTER_DIGITS);
let count = 0;

/** Returns the id that the client or a proxy gave the request if it is well formed, otherwise a new one in the form of a UUID. */
export function requestIdOf(given: string | string[] | undefined): string {
  if (typeof given === 'string' && WELL_FORMED.test(given)) return given;
  count += 1;
  return start + count.toString(16).padStart(COUNTER_DIGITS, '0');
}
