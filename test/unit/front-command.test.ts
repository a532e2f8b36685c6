import { expect, test } from 'vitest';
import {
  allowedConcurrency,
  allowedErrors,
  type Command,
  commandState,
  finishInvocation,
  type InvocationStatus,
  newInvocation,
} from '../../testbed/front/ssm/command.ts';
import { combineStreams, truncateStream } from '../../testbed/front/ssm/output.ts';

type End = [InvocationStatus, string];

const ok: End = ['Success', 'Success'];
const failed: End = ['Failed', 'Failed'];
const ranTooLong: End = ['TimedOut', 'ExecutionTimedOut'];
const notDelivered: End = ['TimedOut', 'DeliveryTimedOut'];
const undeliverable: End = ['Failed', 'Undeliverable'];
const cancelled: End = ['Cancelled', 'Cancelled'];
const pending: End = ['Pending', 'Pending'];
const running: End = ['InProgress', 'InProgress'];

function command(ends: End[], more: Partial<Command> = {}): Command {
  const invocations = ends.map(([status, statusDetails], index) => ({
    ...newInvocation(`i-${index}`, '', []),
    status,
    statusDetails,
  }));
  const now = new Date();
  return {
    id: '',
    documentName: '',
    documentVersion: '',
    comment: '',
    parameters: {},
    targets: [],
    instanceIds: [],
    requestedAt: now,
    visibleFrom: now,
    expiresAfter: now,
    timeoutSeconds: 60,
    maxConcurrency: '50',
    maxErrors: '0',
    steps: [],
    invocations,
    cancelRequested: false,
    ...more,
  };
}

test.each<[End[], string, string, string]>([
  [[ok, ok], '0', 'Success', 'Success'],
  [[ok, running], '0', 'InProgress', 'InProgress'],
  [[pending, pending], '0', 'Pending', 'Pending'],
  [[ok, pending], '0', 'InProgress', 'InProgress'],
  [[ok, failed], '0', 'Failed', 'Failed'],
  [[ok, failed], '1', 'Failed', 'Incomplete'],
  [[ok, failed, failed], '1', 'Failed', 'Failed'],
  [[ok, ok, ok, failed], '25%', 'Failed', 'Incomplete'],
  [[ranTooLong], '0', 'TimedOut', 'ExecutionTimedOut'],
  [[ranTooLong, failed], '0', 'Failed', 'Failed'],
  [[notDelivered, ok], '0', 'TimedOut', 'DeliveryTimedOut'],
  [[undeliverable, ok], '0', 'Success', 'Success'],
  [[undeliverable], '0', 'Failed', 'Failed'],
  [[], '0', 'Success', 'NoInstancesInTag'],
])(
  'invocations %j with %s errors allowed make a command %s (%s)',
  (ends, maxErrors, status, statusDetails) => {
    expect(commandState(command(ends, { maxErrors }))).toMatchObject({ status, statusDetails });
  },
);

test('a command is Cancelling until its last invocation has ended, then Cancelled', () => {
  const cancelRequested = true;

  expect(commandState(command([cancelled, running], { cancelRequested })).status).toBe('Cancelling');
  expect(commandState(command([cancelled, ok], { cancelRequested })).status).toBe('Cancelled');
});

test('what was never delivered is counted apart from errors', () => {
  expect(commandState(command([ok, failed, notDelivered, undeliverable, running]))).toMatchObject({
    completedCount: 4,
    errorCount: 1,
    deliveryTimedOutCount: 1,
  });
});

test.each([
  ['1', 1],
  ['50', 50],
  ['100%', 10],
  ['15%', 2],
  ['1%', 1],
])('a MaxConcurrency of %s lets %i of 10 hosts run at once', (maxConcurrency, expected) => {
  expect(allowedConcurrency(command(Array(10).fill(ok), { maxConcurrency }))).toBe(expected);
});

test('a MaxErrors in percent is rounded down', () => {
  expect(allowedErrors(command(Array(10).fill(ok), { maxErrors: '19%' }))).toBe(1);
});

test('the first end of an invocation stands, and ends the steps that had not', () => {
  const [invocation] = command([running]).invocations;
  if (invocation === undefined) throw new Error('no invocation');

  finishInvocation(invocation, 'TimedOut', 'DeliveryTimedOut');
  finishInvocation(invocation, 'Success', 'Success');

  expect(invocation).toMatchObject({ status: 'TimedOut', statusDetails: 'DeliveryTimedOut' });
});

test.each([
  [23_999, 0],
  [24_000, 0],
  [24_001, 1],
])('a stream of %i bytes is passed on within 24,000, marked if cut', (length, cuts) => {
  const text = truncateStream(Buffer.alloc(length, 'x'));

  expect(text.length).toBe(Math.min(length, 24_000));
  expect(text.split('--output truncated--').length - 1).toBe(cuts);
});

test.each([
  [100, 100],
  [2_000, 400],
  [3_000, 100],
  [100, 3_000],
  [3_000, 3_000],
  [2_500, 0],
  [0, 2_500],
  [1_238, 1_239],
])('output of %i and error of %i bytes share the 2,500 of the list', (outputLength, errorLength) => {
  const text = combineStreams(Buffer.alloc(outputLength, 'o'), Buffer.alloc(errorLength, 'e'));

  expect(text.length).toBeLessThanOrEqual(2_500);
  expect(text.includes('\n----------ERROR-------\n')).toBe(errorLength > 0);
  const whole = outputLength + errorLength < 2_500 - 24;
  expect(/---(Output|Error) truncated---/.test(text)).toBe(!whole);
});
