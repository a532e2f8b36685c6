import { setTimeout as delay } from 'node:timers/promises';

// Looked at often at first and then less so, since a look can cost as much as what is waited for.
const SHORTEST_POLL_MILLISECONDS = 100;
const LONGEST_POLL_MILLISECONDS = 1000;
const POLL_GROWTH = 1.25;

/**
 * Waits until a condition holds. A condition that throws does not hold yet.
 *
 * @param what the end of the sentence "waited for …"
 * @param seconds how long at most
 * @throws Error that says what was waited for, how long, and the condition's last error
 */
export async function waitUntil(what: string, seconds: number, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  let lastError: unknown;
  let pause = SHORTEST_POLL_MILLISECONDS;
  while (performance.now() < deadline) {
    try {
      if (await holds()) {
        return;
      }
    } catch (error) {
      lastError = error;
    }
    await delay(pause);
    pause = Math.min(pause * POLL_GROWTH, LONGEST_POLL_MILLISECONDS);
  }
  const reason = lastError instanceof Error ? `: ${lastError.message}` : '';
  throw new Error(`waited ${seconds} s for ${what}${reason}`, { cause: lastError });
}
