import { secondsSince } from './clock.ts';
import { removeDockerConfig } from './docker/login.ts';
import { openRecords, openRunCommand } from './doors.ts';
import { Problem } from './problem.ts';
import { releaseLease } from './release/lease.ts';
import type { Memory } from './run.ts';

/**
 * Cleans up after a run: undoes a rollout that was cut off, gives the lease back, logs docker out.
 * Each of them is tried, whatever becomes of the others.
 * @returns what could not be done, in words
 */
export async function cleanUp(memory: Memory, log: (line: string) => void): Promise<string[]> {
  const tasks = [
    () => undo(memory, log),
    () => giveLeaseBack(memory),
    () => (memory.dockerConfig === '' ? Promise.resolve() : removeDockerConfig(memory.dockerConfig)),
  ];
  const failures: string[] = [];
  for (const task of tasks) {
    await task().catch((error: unknown) => failures.push(String(error)));
  }
  return failures;
}

async function undo(memory: Memory, log: (line: string) => void): Promise<void> {
  if (memory.rollout === undefined) return;
  const started = Date.now();
  const { release, instanceIds, keepReleases } = memory.rollout;
  log(`The rollout of ${release} was cut off: bringing back ${instanceIds.join(', ')}`);
  const { bringBack } = await import('./rollout/bring-back.ts');
  const { judgeWaysBack } = await import('./rollout/verdict.ts');
  const ways = await bringBack(
    await openRunCommand(memory.region),
    { ...memory, rollout: memory.rollout },
    (id) => log(`Command ${id}`),
  );
  const { serving, reason } = judgeWaysBack(ways, release, '');
  const records = await openRecords(memory.region, memory.appName);
  await records.concludeCutOff(release, serving, keepReleases);
  const told = serving === '' ? reason : `${serving} serves. ${reason}`;
  log(`${told.trim()} (after ${secondsSince(started)} s)`);
  if (ways.some(({ state }) => state === 'unknown')) throw new Problem(reason);
}

async function giveLeaseBack(memory: Memory): Promise<void> {
  if (!memory.leaseAsked) return;
  const records = await openRecords(memory.region, memory.appName);
  await releaseLease(records.lease, memory.holder);
}
