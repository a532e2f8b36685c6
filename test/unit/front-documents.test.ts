import { expect, test } from 'vitest';
import type { JsonObject } from '../../testbed/front/json.ts';
import { parseDocument, validateParameters } from '../../testbed/front/ssm/documents.ts';
import { RUN_SHELL_SCRIPT } from '../../testbed/front/ssm/run-shell-script.ts';
import { planSteps, type StepPlan } from '../../testbed/front/ssm/substitution.ts';

function plan(content: JsonObject, given: JsonObject): StepPlan[] {
  const document = parseDocument('test', '1', content);
  return planSteps(document, validateParameters(document, given));
}

function document(parameters: JsonObject, inputs: JsonObject): JsonObject {
  return {
    schemaVersion: '2.2',
    parameters,
    mainSteps: [{ action: 'aws:runShellScript', name: 'step', inputs }],
  };
}

test('AWS-RunShellScript runs its commands as lines, for an hour unless told', () => {
  expect(plan(RUN_SHELL_SCRIPT, { commands: ['one', 'two'] })).toMatchObject([
    {
      name: 'aws:runShellScript',
      folder: 'awsrunShellScript/0.awsrunShellScript',
      script: 'one\ntwo\n',
      workingDirectory: '',
      timeoutSeconds: 3600,
    },
  ]);
  expect(plan(RUN_SHELL_SCRIPT, { commands: ['one'], executionTimeout: ['172800'] })).toMatchObject([
    { timeoutSeconds: 172_800 },
  ]);
});

test.each([
  ['"30"', 30],
  ['30', 30],
  ['5', 5],
  ['4', 3600],
  ['172801', 3600],
  ['"soon"', 3600],
])('a timeoutSeconds of %s counts as %i, as the agent takes it', (timeout, seconds) => {
  const inputs = { runCommand: ['true'], timeoutSeconds: JSON.parse(timeout) };

  expect(plan(document({}, inputs), {})).toMatchObject([{ timeoutSeconds: seconds }]);
});

test('within a text a parameter is pasted, $$ becomes $, and what it holds is not replaced again', () => {
  const content = document(
    { A: { type: 'String' }, B: { type: 'String', default: 'b' } },
    { runCommand: ['echo {{A}} {{ B }} {{ C }} {{.State}}'] },
  );

  expect(plan(content, { A: ['$$x {{ B }}'] })).toMatchObject([
    { script: 'echo $x {{ B }} b {{ C }} {{.State}}\n' },
  ]);
});

test('a parameter for the environment is handed over as it is', () => {
  const content = document(
    { Plan: { type: 'String', interpolationType: 'ENV_VAR' }, Other: { type: 'String', default: 'x' } },
    { runCommand: ['echo "$SSM_Plan"'] },
  );

  expect(plan(content, { Plan: ['$$ `id` {{ Other }}'] })).toMatchObject([
    { environment: { SSM_Plan: '$$ `id` {{ Other }}' } },
  ]);
});

test('a relative working directory is ignored', () => {
  expect(plan(document({}, { runCommand: ['true'], workingDirectory: 'here' }), {})).toMatchObject([
    { workingDirectory: '' },
  ]);
});

test.each<[string, JsonObject, JsonObject, RegExp]>([
  ['a missing value', { A: { type: 'String' } }, {}, /\[A\] are required/],
  ['an unknown name', {}, { B: ['x'] }, /\[B\] are not declared/],
  ['two values for a String', { A: { type: 'String' } }, { A: ['x', 'y'] }, /one value, not 2/],
  [
    'a value outside the pattern',
    { A: { type: 'String', allowedPattern: '^a+$' } },
    { A: ['ab'] },
    /allowed pattern/,
  ],
  [
    'a value outside the list',
    { A: { type: 'String', allowedValues: ['x', 'y'] } },
    { A: ['z'] },
    /allowed values: x,y/,
  ],
  ['too few items', { A: { type: 'StringList', minItems: 1 } }, { A: [] }, /0 items; it takes 1/],
  ['too many items', { A: { type: 'StringList', maxItems: '1' } }, { A: ['x', 'y'] }, /takes 0 to 1/],
  ['too many characters', { A: { type: 'String', maxChars: 2 } }, { A: ['xyz'] }, /3 characters/],
])('parameters with %s are refused', (_what, parameters, given, message) => {
  expect(() => plan(document(parameters, { runCommand: ['true'] }), given)).toThrow(
    expect.objectContaining({ code: 'InvalidParameters', message: expect.stringMatching(message) }),
  );
});

test('a document that does anything but run a shell script is refused', () => {
  const content = { schemaVersion: '2.2', mainSteps: [{ action: 'aws:runDocument', name: 'x', inputs: {} }] };

  expect(() => plan(content, {})).toThrow(/aws:runShellScript only, not aws:runDocument/);
});
