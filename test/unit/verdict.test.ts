import { describe, expect, test } from 'vitest';
import { readHostReport } from '../../src/host/protocol.ts';
import { judge } from '../../src/rollout/verdict.ts';

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
