import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/inputs/durations.ts';

it.each([
  ['0s', 0],
  ['90s', 90],
  ['1m30s', 90],
  ['15m', 900],
  ['1h', 3600],
  ['2h3m4s', 7384],
])('%s is %i seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

it.each(['', '5', 's', '5x', '1s1m', '1.5m', '-1s', '1 m', '1ms', '1M', '1d', '1m1m'])(
  '%j is no duration',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

it('reads what it writes', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), (seconds) => {
      expect(parseDuration(formatDuration(seconds))).toBe(seconds);
    }),
  );
});
