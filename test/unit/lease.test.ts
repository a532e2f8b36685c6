import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isFree,
  type LeaseRecord,
  type LeaseStore,
  releaseLease,
  tryTakeLease,
} from '../../src/release/lease.ts';

/** Parameter Store as far as a lease needs it: versions count up, an old one can be read. */
class VersionedStore implements LeaseStore {
  readonly versions: LeaseRecord[] = [];
  readonly #pause: () => Promise<void>;

  /** @param pause what happens before each call, for other holders to come between */
  constructor(pause: () => Promise<void> = async () => {}) {
    this.#pause = pause;
  }

  async read() {
    await this.#pause();
    const record = this.versions.at(-1);
    return record && { record, version: this.versions.length };
  }

  async readVersion(version: number) {
    await this.#pause();
    const record = this.versions[version - 1];
    if (record === undefined) throw new Error(`no version ${version}`);
    return record;
  }

  async create(record: LeaseRecord) {
    await this.#pause();
    if (this.versions.length > 0) return false;
    this.versions.push(record);
    return true;
  }

  async overwrite(record: LeaseRecord) {
    await this.#pause();
    return this.versions.push(record);
  }
}

function lease(holder: string, secondsLeft = 600): LeaseRecord {
  return {
    holder,
    runUrl: `https://example.com/${holder}`,
    deadline: new Date(Date.now() + secondsLeft * 1000).toISOString(),
  };
}

describe('the lease', () => {
  test('is taken when there is none', async () => {
    const store = new VersionedStore();

    expect(await tryTakeLease(store, lease('a'))).toBeUndefined();
    expect((await store.read())?.record.holder).toBe('a');
  });

  test('is refused while another holds it, who is told', async () => {
    const store = new VersionedStore();
    await tryTakeLease(store, lease('a'));

    expect(await tryTakeLease(store, lease('b'))).toMatchObject({
      holder: 'a',
      runUrl: 'https://example.com/a',
    });
  });

  test('is free again once it is given back', async () => {
    const store = new VersionedStore();
    await tryTakeLease(store, lease('a'));
    await releaseLease(store, 'a');

    expect(await tryTakeLease(store, lease('b'))).toBeUndefined();
  });

  test('of a run that vanished is free after its deadline', async () => {
    const store = new VersionedStore();
    await tryTakeLease(store, lease('vanished', -1));

    expect(await tryTakeLease(store, lease('b'))).toBeUndefined();
  });

  test('is not given back by a run that lost it', async () => {
    const store = new VersionedStore();
    await tryTakeLease(store, lease('late', -1));
    await tryTakeLease(store, lease('b'));

    await releaseLease(store, 'late');

    expect((await store.read())?.record.holder).toBe('b');
  });

  test('is free exactly from its deadline on', () => {
    const record = { holder: 'a', runUrl: '', deadline: '2026-11-23T12:00:00.000Z' };
    const deadline = Date.parse(record.deadline);

    expect([isFree(record, deadline - 1), isFree(record, deadline)]).toEqual([false, true]);
  });

  test('is never taken by two, in whatever order their calls fall', async () => {
    const contenders = ['a', 'b', 'c'];
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.constantFrom('none', 'free', 'expired'),
        async (scheduler, start) => {
          const store = new VersionedStore(() => scheduler.schedule(Promise.resolve()));
          if (start === 'free') store.versions.push({ holder: '', runUrl: '', deadline: '' });
          if (start === 'expired') store.versions.push(lease('vanished', -1));

          const attempts = contenders.map((holder) => tryTakeLease(store, lease(holder)));
          await scheduler.waitFor(Promise.all(attempts));
          const refusals = await Promise.all(attempts);

          const takers = contenders.filter((_, index) => refusals[index] === undefined);
          expect(takers).toHaveLength(1);
          expect(store.versions.at(-1)?.holder).toBe(takers[0]);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
