import { setTimeout as delay } from 'node:timers/promises';

const POLL_MILLISECONDS = 100;

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
  while (performance.now() < deadline) {
    try {
      if (await holds()) {
        return;
      }
    } catch (error) {
      lastError = error;
    }
    await delay(POLL_MILLISECONDS);
  }
  const reason = lastError instanceof Error ? `: ${lastError.message}` : '';
  throw new Error(`waited ${seconds} s for ${what}${reason}`, { cause: lastError });
}
