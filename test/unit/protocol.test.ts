import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodePlan, formatStoredPlan, hostCommand, readHostReport } from '../../src/host/protocol.ts';

function text(value: string): string {
  return Buffer.from(value).toString('base64');
}

describe('the command', () => {
  test('has no value in it that a shell or the agent could read', () => {
    const { document, parameters } = hostCommand('', '#!/bin/bash\necho program\n', {
      app: 'shop',
      verbs: 'inspect',
      env: ['A=$(reboot)', 'B={{ssm:x}}', "C='; reboot"],
    });

    expect(document).toBe('AWS-RunShellScript');
    expect(parameters).toEqual({
      commands: [expect.stringMatching(/^#!\/bin\/bash\nEC2_DEPLOY_PLAN='[A-Za-z0-9+/=]+'\necho program\n$/)],
    });
  });

  test('carries the plan alone to a document that holds the program', () => {
    const plan = { app: 'shop', verbs: 'inspect' };

    expect(hostCommand('shop-ec2-deploy', '#!/bin/bash\n', plan)).toEqual({
      document: 'shop-ec2-deploy',
      parameters: { plan: [encodePlan(plan)] },
    });
  });

  test('is kept for later in the same form, compressed', () => {
    const plan = { app: 'shop', verbs: 'converge', volume: ['data:/data'] };

    const fields = gunzipSync(Buffer.from(formatStoredPlan(plan), 'base64'));
    expect(fields).toEqual(Buffer.from(encodePlan(plan), 'base64'));
  });

  test('too large for Run Command says what to do', () => {
    const plan = { app: 'shop', verbs: 'inspect', env: [`A=${'x'.repeat(60_000)}`] };

    expect(() => hostCommand('', '#!/bin/bash\n', plan)).toThrow(
      /Run Command takes 60000.*move large ones to Parameter Store or Secrets Manager and name them in secrets/,
    );
  });

  test('carries lists value by value', () => {
    const plan = { app: 'shop', verbs: 'prepare', command: ['serve', '--now'], volume: [] };

    expect(Buffer.from(encodePlan(plan), 'base64').toString()).toBe(
      'app\0shop\0verbs\0prepare\0command\0serve\0command\0--now\0',
    );
  });
});

describe('what a host printed', () => {
  test('is read into steps, state and outcome', () => {
    const report = readHostReport(
      [
        'program 3f9c2a',
        'step pull 812',
        'step start 301',
        'engine 25.0.8',
        'gap 1550',
        'outcome deployed',
        '',
      ].join('\n'),
    );

    expect(report).toMatchObject({
      steps: [
        { name: 'pull', milliseconds: 812 },
        { name: 'start', milliseconds: 301 },
      ],
      engine: '25.0.8',
      gapMilliseconds: 1550,
      outcome: 'deployed',
      failure: undefined,
      live: undefined,
    });
  });

  test('the last outcome counts: undoing an older rollout prints one too', () => {
    expect(readHostReport('outcome reverted\noutcome deployed\n').outcome).toBe('deployed');
  });

  test('a failure is read with all its facts', () => {
    const { failure } = readHostReport(
      [
        'failure candidate-unhealthy',
        `@failure-text ${text('it did not answer')}`,
        'exit-code 0',
        'running true',
        `@listening ${text('00000000:0BB8\n0100007F:1F40')}`,
        'health-answer 000 12',
        'health-answer 500 3',
        `@log ${text('zwei Zeilen\nüber Umlaute')}`,
        'outcome reverted',
      ].join('\n'),
    );

    expect(failure).toMatchObject({
      code: 'candidate-unhealthy',
      text: 'it did not answer',
      running: true,
      listening: ['00000000:0BB8', '0100007F:1F40'],
      answers: [
        { status: '000', count: 12 },
        { status: '500', count: 3 },
      ],
      log: 'zwei Zeilen\nüber Umlaute',
    });
  });

  test('any other text is passed over', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (noise) => {
        const lines = noise.split('\n').map((line) => `# ${line}`);
        expect(readHostReport([...lines, 'outcome deployed'].join('\n')).outcome).toBe('deployed');
      }),
    );
  });

  test('an outcome that is none is no outcome', () => {
    expect(readHostReport('outcome splendid\n').outcome).toBeUndefined();
  });
});
