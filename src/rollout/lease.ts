import { type Deadline, poll, secondsUntil } from '../clock.ts';
import { Problem } from '../problem.ts';
import { type LeaseRecord, type LeaseStore, tryTakeLease } from '../release/lease.ts';

const pace = { shortest: 2000, longest: 10_000 };

/**
 * Waits until the lease is free and takes it.
 * @param tell gets a line whenever there is something to say about the wait
 * @throws Problem naming the holder at the deadline
 */
export async function takeLease(
  store: LeaseStore,
  wanted: LeaseRecord,
  deadline: Deadline,
  tell: (line: string) => void,
): Promise<void> {
  let holder: LeaseRecord | undefined;
  const taken = await poll({ ...pace, deadline }, async () => {
    holder = await tryTakeLease(store, wanted);
    if (holder === undefined) return true;
    tell(`Waiting for the rollout of ${describe(holder)} (${secondsUntil(deadline)} s left)`);
    return undefined;
  });
  if (taken) return;
  throw new Problem(
    `Another rollout holds the lease: ${holder === undefined ? 'unknown' : describe(holder)}. Wait for it, or raise wait-for-lease.`,
  );
}

function describe({ holder, runUrl, deadline }: LeaseRecord): string {
  return `${runUrl || holder}, which must end by ${deadline}`;
}
