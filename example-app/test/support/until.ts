import { setTimeout as delay } from 'node:timers/promises';

const POLL_MILLISECONDS = 20;
const DEADLINE_MILLISECONDS = 10_000;

/** Waits for a condition; throws Error naming it when it has not come true within ten seconds. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + DEADLINE_MILLISECONDS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${DEADLINE_MILLISECONDS} ms in vain until ${what}`);
    await delay(POLL_MILLISECONDS);
  }
}
