import { setTimeout as delay } from 'node:timers/promises';

const POLL_MILLISECONDS = 200;

/**
 * Waits for a condition; one that throws has not come true yet.
 * @throws Error naming it, and its last failure, when it has not come true in time
 */
export async function until(what: string, holds: () => Promise<boolean>, seconds = 300): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  let failure: unknown;
  while (Date.now() < deadline) {
    try {
      if (await holds()) return;
    } catch (error) {
      failure = error;
    }
    await delay(POLL_MILLISECONDS);
  }
  throw new Error(`waited ${seconds} s in vain until ${what}`, { cause: failure });
}
