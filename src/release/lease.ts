/** The right to roll out, as it is written. A lease is never deleted: its version number decides who was first. */
export interface LeaseRecord {
  /** Who holds it; empty when it is free. */
  holder: string;
  /** Where the holder's run can be looked at. */
  runUrl: string;
  /** ISO time after which it counts as free. */
  deadline: string;
}

export interface VersionedLease {
  record: LeaseRecord;
  version: number;
}

/** What the lease needs of the place where it is kept. Each write gets the next version number. */
export interface LeaseStore {
  read(): Promise<VersionedLease | undefined>;
  readVersion(version: number): Promise<LeaseRecord>;
  /** @returns false if there is one already */
  create(record: LeaseRecord): Promise<boolean>;
  /** @returns the version that the record got */
  overwrite(record: LeaseRecord): Promise<number>;
}

const freeLease: LeaseRecord = { holder: '', runUrl: '', deadline: '' };

/** @param now in milliseconds since the epoch */
export function isFree(record: LeaseRecord, now: number): boolean {
  return record.holder === '' || Date.parse(record.deadline) <= now;
}

/**
 * Tries once to take the lease.
 * @returns undefined if it was taken, else the record of who holds it
 */
export async function tryTakeLease(store: LeaseStore, wanted: LeaseRecord): Promise<LeaseRecord | undefined> {
  const current = await store.read();
  if (current === undefined) {
    return (await store.create(wanted)) ? undefined : (await store.read())?.record;
  }
  if (current.record.holder === wanted.holder) return undefined;
  if (!isFree(current.record, Date.now())) return current.record;
  return takeOver(store, current, wanted);
}

/**
 * Two may see the same free lease and write one after the other: the one whose write is the very next version has it, and the other
 * puts that record back.
 */
async function takeOver(
  store: LeaseStore,
  free: VersionedLease,
  wanted: LeaseRecord,
): Promise<LeaseRecord | undefined> {
  const version = await store.overwrite(wanted);
  if (version === free.version + 1) return undefined;
  const first = await store.readVersion(free.version + 1);
  await store.overwrite(first);
  return first;
}

/** Gives the lease back, if it is still this holder's. */
export async function releaseLease(store: LeaseStore, holder: string): Promise<void> {
  const current = await store.read();
  if (current?.record.holder === holder) await store.overwrite(freeLease);
}
