import { describe, expect, test } from 'vitest';
import { readHostReport } from '../../src/host/protocol.ts';
import { causeOf, judge, judgeWaysBack, type WayBack } from '../../src/rollout/verdict.ts';

function judged(status: string, ...lines: string[]) {
  return judge({ instanceId: 'i-12345678', status, report: readHostReport(lines.join('\n')) });
}

function text(value: string): string {
  return Buffer.from(value).toString('base64');
}

const refused = ['failure candidate-exited', `@failure-text ${text('the container ended.')}`];

describe('the verdict', () => {
  test('is deployed only if the host says so', () => {
    expect(judged('Success', 'outcome deployed')).toEqual({ verdict: 'deployed' });
    expect(judged('Success')).toMatchObject({ verdict: 'undetermined' });
  });

  test.each(['prepared', 'switched'])('is open as long as the host is only %s', (outcome) => {
    expect(judged('Success', `outcome ${outcome}`)).toEqual({ verdict: 'under-way' });
  });

  test('is rolled-back if the release before was proven to serve', () => {
    expect(judged('Failed', ...refused, 'outcome reverted', 'serving r1-abcdef')).toEqual({
      verdict: 'rolled-back',
      reason: 'the container ended.',
    });
  });

  test('is failed if there was none before', () => {
    expect(judged('Failed', ...refused, 'outcome empty')).toEqual({
      verdict: 'failed',
      reason: 'the container ended. There is no release before it, so nothing serves yet.',
    });
  });

  test('is failed if the way back failed, and says both', () => {
    expect(judged('Failed', ...refused, 'outcome broken', `@broken ${text('r1 does not answer.')}`)).toEqual({
      verdict: 'failed',
      reason: 'the container ended. The way back failed too: r1 does not answer.',
    });
  });

  test('is failed after a failed migration: the database may have changed', () => {
    const migration = [
      'failure migration-failed',
      `@failure-text ${text('the migration ended with exit code 1.')}`,
    ];

    expect(judged('Failed', ...migration, 'outcome reverted', 'serving r1-abcdef')).toEqual({
      verdict: 'failed',
      reason: 'the migration ended with exit code 1. r1-abcdef serves as before.',
    });
  });

  test.each([
    ['Undeliverable', 'the agent is not connected'],
    ['DeliveryTimedOut', 'was lost while it ran'],
    ['ExecutionTimedOut', 'did not end in time'],
    ['AccessDenied', 'may not send commands to this instance'],
    ['SomethingNew', 'the command ended as SomethingNew'],
  ])('is open if the command ended as %s without a word', (status, words) => {
    const judgement = judged(status);

    expect(judgement).toMatchObject({ verdict: 'undetermined', reason: expect.stringContaining(words) });
  });
});

describe('after the way back of several hosts, the verdict', () => {
  const serving = (instanceId: string, release: string): WayBack => ({
    instanceId,
    state: 'serving',
    serving: release,
    problem: '',
  });
  const empty: WayBack = { instanceId: 'i-new', state: 'empty', serving: '', problem: '' };
  const unknown: WayBack = {
    instanceId: 'i-lost',
    state: 'unknown',
    serving: '',
    problem: 'The way back failed on i-lost.',
  };
  const judgeBack = (...ways: WayBack[]) => judgeWaysBack(ways, 'r2', 'It crashed.');

  test('is rolled-back if the release before serves on all', () => {
    expect(judgeBack(serving('i-1', 'r1'), serving('i-2', 'r1'))).toEqual({
      verdict: 'rolled-back',
      serving: 'r1',
      reason: 'It crashed.',
    });
  });

  test('names a host that has nothing to go back to', () => {
    expect(judgeBack(serving('i-1', 'r1'), empty)).toEqual({
      verdict: 'rolled-back',
      serving: 'r1',
      reason: 'It crashed. i-1 serves r1. i-new had no release before it.',
    });
  });

  test('is failed if none has', () => {
    expect(judgeBack(empty, empty)).toMatchObject({
      verdict: 'failed',
      reason: 'It crashed. There is no release before it, so nothing serves yet.',
    });
  });

  test('is failed if one host cannot tell, and says which', () => {
    expect(judgeBack(serving('i-1', 'r1'), unknown)).toMatchObject({
      verdict: 'failed',
      serving: 'r1',
      reason: 'It crashed. The way back failed on i-lost.',
    });
  });

  test('is failed if hosts serve different releases, and says which', () => {
    expect(judgeBack(serving('i-1', 'r2'), serving('i-2', 'r1'))).toEqual({
      verdict: 'failed',
      serving: 'r1',
      reason: 'It crashed. i-1 serves r2. i-2 serves r1.',
    });
  });

  test('is deployed if all had settled before anyone could tell', () => {
    expect(judgeBack(serving('i-1', 'r2'), serving('i-2', 'r2'))).toMatchObject({
      verdict: 'deployed',
      reason: '',
    });
  });

  test('is failed after a failed migration', () => {
    expect(judgeWaysBack([serving('i-1', 'r1')], 'r2', 'It ended with 1.', true)).toEqual({
      verdict: 'failed',
      serving: 'r1',
      reason: 'It ended with 1. r1 serves as before.',
    });
  });
});

describe('the cause', () => {
  const failedOn = (instanceId: string, ...lines: string[]) => ({
    instanceId,
    status: 'Failed',
    report: readHostReport(lines.join('\n')),
  });

  test('of one host needs no name', () => {
    expect(causeOf([failedOn('i-1', ...refused)], 1)).toBe('the container ended.');
  });

  test('that several hosts share is told once, with their names', () => {
    const lost = { ...failedOn('i-3'), status: 'Undeliverable' };

    expect(causeOf([failedOn('i-1', ...refused), failedOn('i-2', ...refused), lost], 3)).toBe(
      'i-1, i-2: the container ended. i-3: the command could not be delivered: the agent is not connected.',
    );
  });
});
