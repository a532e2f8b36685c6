import { setTimeout as sleep } from 'node:timers/promises';

/** A point in time after which waiting ends, in milliseconds since the epoch. */
export type Deadline = number;

/** @param seconds from now */
export function deadlineIn(seconds: number): Deadline {
  return Date.now() + seconds * 1000;
}

/** Seconds since the epoch, as hosts count. */
export function hostTimeIn(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

/** Whole seconds until then, never below zero. */
export function secondsUntil(deadline: Deadline): number {
  return Math.max(0, Math.round((deadline - Date.now()) / 1000));
}

/** @returns whole seconds since the given time in milliseconds */
export function secondsSince(start: number): number {
  return Math.round((Date.now() - start) / 1000);
}

export interface Pace {
  deadline: Deadline;
  /** Milliseconds between two looks, growing by half each time up to the longest. */
  shortest: number;
  longest: number;
}

/**
 * Looks again and again until there is an answer.
 * @param look answers, or undefined for "not yet"
 * @returns the answer, or undefined once the deadline has passed
 */
export async function poll<Answer>(
  pace: Pace,
  look: () => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  for (let pause = pace.shortest; ; pause = Math.min(pause * 1.5, pace.longest)) {
    const answer = await look();
    if (answer !== undefined) return answer;
    const left = pace.deadline - Date.now();
    if (left <= 0) return undefined;
    // Jitter keeps the jobs of one push from asking in step.
    await sleep(Math.min(left, pause * (0.8 + 0.4 * Math.random())));
  }
}
