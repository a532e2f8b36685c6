import { setTimeout as delay } from 'node:timers/promises';

/** How often a condition is looked at, in milliseconds. */
export const POLL_MS = 50;

/** Waits until a condition holds. Doesn't keep the process alive. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await delay(POLL_MS, undefined, { ref: false });
  }
}
