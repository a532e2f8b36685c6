import { expect, test } from 'vitest';
import { stages } from '../../src/rollout/plan.ts';

const quarter = { unit: 'percent', amount: 25 } as const;
const hosts = (count: number) => Array.from({ length: count }, (_, index) => `i-${index + 1}`);

test('one host carries everything out at once, since round trips are the cost', () => {
  expect(stages(['i-1'], quarter, true)).toEqual([
    { verbs: 'migrate prepare switch settle', instanceIds: ['i-1'] },
  ]);
});

test('several are all prepared, move in batches, and none gives the old release up before all have moved', () => {
  expect(stages(hosts(3), { unit: 'hosts', amount: 2 }, false)).toEqual([
    { verbs: 'prepare', instanceIds: ['i-1', 'i-2', 'i-3'] },
    { verbs: 'switch', instanceIds: ['i-1', 'i-2'] },
    { verbs: 'switch', instanceIds: ['i-3'] },
    { verbs: 'settle', instanceIds: ['i-1', 'i-2', 'i-3'] },
  ]);
});

test('the migration runs on one of them, before any other candidate starts', () => {
  expect(stages(hosts(3), quarter, true).slice(0, 2)).toEqual([
    { verbs: 'migrate prepare', instanceIds: ['i-1'] },
    { verbs: 'prepare', instanceIds: ['i-2', 'i-3'] },
  ]);
});

test.each([
  [2, [1, 1]],
  [5, [2, 2, 1]],
  [8, [2, 2, 2, 2]],
])('a quarter of %i hosts is rounded up', (count, sizes) => {
  const switches = stages(hosts(count), quarter, false).filter(({ verbs }) => verbs === 'switch');

  expect(switches.map(({ instanceIds }) => instanceIds.length)).toEqual(sizes);
  expect(switches.flatMap(({ instanceIds }) => instanceIds)).toEqual(hosts(count));
});
