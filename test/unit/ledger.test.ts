import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  begin,
  conclude,
  emptyLedger,
  formatRecord,
  type Ledger,
  type LedgerEntry,
  nextReleaseId,
  parseLedger,
  parseLedgerEntry,
  releaseBefore,
} from '../../src/release/ledger.ts';
import { settingsDigest } from '../../src/release/release.ts';

const digest = `sha256:3f9c2a${'0'.repeat(58)}`;

const entry: LedgerEntry = {
  id: 'r7-3f9c2a',
  digest,
  image: `example-app@${digest}`,
  registry: '',
  imageBytes: 0,
  settings: {
    containerPort: 8000,
    hostPort: 80,
    metricsPort: undefined,
    metricsPath: '/metrics',
    environment: [],
    secrets: [],
    memory: '',
    cpus: '',
    readOnly: false,
    command: [],
    volumes: [],
  },
  strategy: 'blue-green',
  healthPath: '/health',
  status: 'live',
  startedAt: '2026-11-23T12:00:00.000Z',
  commit: 'c0ffee',
  runUrl: 'https://example.com/run',
};

function withEnvironment(value: string): LedgerEntry {
  return { ...entry, settings: { ...entry.settings, environment: [{ name: 'A', value }] } };
}

describe('the ledger', () => {
  test('counts releases up, and names them after their image', () => {
    expect(nextReleaseId(emptyLedger, [], digest)).toBe('r1-3f9c2a');
    expect(nextReleaseId({ ...emptyLedger, lastSequence: 6 }, [], digest)).toBe('r7-3f9c2a');
  });

  test('that was deleted hands out no id that a host still knows', () => {
    expect(nextReleaseId(emptyLedger, ['r41-aaaaaa', ''], digest)).toBe('r42-3f9c2a');
  });

  test('never gives the number of a refused release out again', () => {
    const begun = begin(emptyLedger, 'r1-3f9c2a');
    const { ledger } = conclude(begun, '', 5);

    expect(nextReleaseId(ledger, [], digest)).toBe('r2-3f9c2a');
  });

  test('keeps the releases that served last, and names what is dropped', () => {
    const releases = ['r5-e', 'r4-d', 'r3-c', 'r2-b', 'r1-a'];
    const ledger: Ledger = { lastSequence: 5, live: 'r5-e', releases, unproven: [] };

    expect(conclude(ledger, 'r1-a', 2)).toEqual({
      ledger: { lastSequence: 5, live: 'r1-a', releases: ['r1-a', 'r5-e'], unproven: [] },
      dropped: ['r4-d', 'r3-c', 'r2-b'],
    });
  });

  test('keeps to the live release where nobody knows what serves', () => {
    const ledger: Ledger = { lastSequence: 1, live: 'r1-a', releases: ['r1-a'], unproven: [] };

    expect(conclude(begin(ledger, 'r2-b'), '', 5).ledger.live).toBe('r1-a');
  });

  test('gives a number out that is higher than all, also after a release was gone back to', () => {
    const ledger: Ledger = { lastSequence: 5, live: 'r5-e', releases: ['r5-e', 'r4-d'], unproven: [] };

    const back = conclude(begin(ledger, 'r4-d'), 'r4-d', 5).ledger;

    expect(back).toEqual({ lastSequence: 5, live: 'r4-d', releases: ['r4-d', 'r5-e'], unproven: [] });
    expect(nextReleaseId(back, [], digest)).toBe('r6-3f9c2a');
  });

  test('goes back to the release that served before, never to one that was left for being bad', () => {
    const releases = ['r5-e', 'r4-d', 'r3-c'];
    const ledger: Ledger = { lastSequence: 5, live: 'r5-e', releases, unproven: [] };
    const back = conclude(begin(ledger, 'r4-d'), 'r4-d', 5).ledger;
    const mended = conclude(begin(back, 'r6-f'), 'r6-f', 5).ledger;

    expect(releaseBefore(ledger)).toBe('r4-d');
    expect(releaseBefore(back)).toBe('r3-c');
    expect(releaseBefore(mended)).toBe('r4-d');
    expect(releaseBefore(emptyLedger)).toBeUndefined();
  });

  test('keeps refused releases apart, so that they take the place of none that served', () => {
    const served: Ledger = { lastSequence: 2, live: 'r2-b', releases: ['r2-b', 'r1-a'], unproven: [] };

    const refused = conclude(begin(served, 'r3-c'), 'r2-b', 2);
    const next = conclude(begin(refused.ledger, 'r4-d'), 'r4-d', 2);

    expect(refused).toEqual({
      ledger: { lastSequence: 3, live: 'r2-b', releases: ['r2-b', 'r1-a'], unproven: ['r3-c'] },
      dropped: [],
    });
    expect(next).toEqual({
      ledger: { lastSequence: 4, live: 'r4-d', releases: ['r4-d', 'r2-b'], unproven: ['r3-c'] },
      dropped: ['r1-a'],
    });
  });
});

describe('a record', () => {
  test('comes back as it was written, whatever its values are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (value) => {
        const record = withEnvironment(value);
        expect(parseLedgerEntry(formatRecord(record))).toEqual(record);
      }),
    );
  });

  test('has no double braces, which Parameter Store refuses', () => {
    const record = withEnvironment('{{ssm:x}} \\"{{');

    expect(formatRecord(record)).not.toMatch(/\{\{|\}\}\}/);
    expect(parseLedgerEntry(formatRecord(record))).toEqual(record);
  });

  test('is compressed above the limit of the tier that is free', () => {
    const large = withEnvironment('abc'.repeat(5000));

    expect(formatRecord(large).length).toBeLessThan(4096);
    expect(parseLedgerEntry(formatRecord(large))).toEqual(large);
    expect(parseLedger(formatRecord(emptyLedger))).toEqual(emptyLedger);
  });

  test('too large even so says what to do', () => {
    const noise = Array.from({ length: 20_000 }, (_, index) =>
      String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000)),
    );

    expect(() => formatRecord(withEnvironment(noise.join('')))).toThrow(
      /Parameter Store takes 8192.*move large ones to Parameter Store or Secrets Manager and name them in secrets/,
    );
  });
});

describe('the digest of the settings', () => {
  test('is the same for the same settings', () => {
    expect(settingsDigest(structuredClone(entry.settings), 'recreate')).toBe(
      settingsDigest(entry.settings, 'recreate'),
    );
  });

  test.each([
    ['a port', { ...entry.settings, hostPort: 81 }],
    ['a variable', withEnvironment('x').settings],
    ['a limit', { ...entry.settings, memory: '512m' }],
    ['the command', { ...entry.settings, command: ['serve'] }],
  ])('changes with %s', (_, settings) => {
    expect(settingsDigest(settings, 'blue-green')).not.toBe(settingsDigest(entry.settings, 'blue-green'));
  });

  test('changes with the strategy', () => {
    expect(settingsDigest(entry.settings, 'recreate')).not.toBe(settingsDigest(entry.settings, 'blue-green'));
  });
});
