import { getInput } from '@actions/core';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { readInputs, type Variable } from '../../src/inputs.ts';

const runner = { AWS_REGION: 'eu-central-1', GITHUB_REPOSITORY: 'org/my-app' };

/** Reads `env` as the action does: through the variable that the runner sets. */
function environmentOf(env: string): Variable[] {
  process.env['INPUT_STACK-NAME'] = 'my-app';
  process.env['INPUT_ENV'] = env;
  return readInputs((name) => getInput(name, { trimWhitespace: false }), runner).container.environment;
}

afterEach(() => {
  delete process.env['INPUT_STACK-NAME'];
  delete process.env['INPUT_ENV'];
});

function findingsOf(input: 'env' | 'build-args', text: string): string[] {
  const given: Record<string, string> = { 'stack-name': 'my-app', [input]: text };
  try {
    readInputs((name) => given[name] ?? '', runner);
    return [];
  } catch (error) {
    const rule =
      '. Allowed: one NAME=VALUE a line, or NAME<<DELIMITER, the lines of the value, and DELIMITER on its own line; NAME of letters, digits and _, not starting with a digit. Example: LOG_LEVEL=info';
    const lines = (error as Error).message.split('\n').slice(1);
    return lines.map((line) => {
      expect(line.startsWith(`- ${input}: `) && line.endsWith(rule), line).toBe(true);
      return line.slice(`- ${input}: `.length, -rule.length);
    });
  }
}

describe('env', () => {
  it('skips blank lines and comments, and nothing else', () => {
    expect(environmentOf('# first\n\nA=1\n  \n#B=2\nC=#3\n')).toEqual([
      { name: 'A', value: '1' },
      { name: 'C', value: '#3' },
    ]);
  });

  const values: [text: string, value: string][] = [
    ['A=', ''],
    ['A= x ', ' x '],
    ['A=b=c==', 'b=c=='],
    ['A=x<<END', 'x<<END'],
    ['A="quoted"', '"quoted"'],
    ['A=carriage return\r', 'carriage return\r'],
    ['A=\u2028\u00a0', '\u2028\u00a0'],
    ['A=$(id) `id` $HOME %0A {{ssm:x}} 😀', '$(id) `id` $HOME %0A {{ssm:x}} 😀'],
    ['A<<END\nEND', ''],
    ['A<<END\n\nEND', ''],
    ['A<<END\none\n\n#two\n END\nEND', 'one\n\n#two\n END'],
    ['A<<=E=\nx\n=E=', 'x'],
  ];
  it.each(values)('%j gives its value byte for byte', (text, value) => {
    expect(environmentOf(text)).toEqual([{ name: 'A', value }]);
    expect(environmentOf(`B=1\n${text}\nC=2`)).toEqual([
      { name: 'B', value: '1' },
      { name: 'A', value },
      { name: 'C', value: '2' },
    ]);
  });

  it('gives back any value in either form', () => {
    const nasty = fc.constantFrom(
      '\n',
      '\r\n',
      '=',
      '<<',
      '#',
      '"',
      "'",
      '\\',
      '$(id)',
      '`',
      '%',
      '{{ssm:x}}',
      ' ',
      'END',
    );
    const character = fc.oneof(nasty, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }));
    const value = fc
      .array(character, { maxLength: 30 })
      .map((parts) => parts.join(''))
      .filter((text) => !text.includes('\0'));
    const variable = fc.record({
      value,
      heredoc: fc.boolean(),
      before: fc.constantFrom('', '\n', '# A=1\n'),
    });
    fc.assert(
      fc.property(fc.array(variable, { minLength: 1, maxLength: 8 }), (variables) => {
        const text = variables.map(
          ({ value, heredoc, before }, index) => before + written(`N${index}`, value, heredoc),
        );
        expect(environmentOf(text.join('\n'))).toEqual(
          variables.map(({ value }, index) => ({ name: `N${index}`, value })),
        );
      }),
      { numRuns: 1000 },
    );
  });
});

function written(name: string, value: string, heredoc: boolean): string {
  if (!heredoc && !value.includes('\n')) return `${name}=${value}`;
  let delimiter = 'END';
  while (value.split('\n').includes(delimiter)) delimiter += '_';
  return `${name}<<${delimiter}\n${value}\n${delimiter}`;
}

describe.each(['env', 'build-args'] as const)('a line of %s that cannot be read', (input) => {
  const bad: [text: string, findings: string[]][] = [
    ['NAME', ['"NAME" on line 1 has no "="']],
    ['A=1\nFIRST\n\nSECOND', ['"FIRST" on line 2 has no "="', '"SECOND" on line 4 has no "="']],
    ['1ST=x', ['the name "1ST" on line 1 is not a variable\'s name']],
    ['A=1\n MY-NAME =x', ['the name " MY-NAME " on line 2 is not a variable\'s name']],
    ['A=1\n #B=2', ["the name on line 2 is not a variable's name"]],
    ['=x', ['the name "" on line 1 is not a variable\'s name']],
    ['A B<<END\nx\nEND', ['the name "A B" on line 1 is not a variable\'s name']],
    ['A=1\nB=2\nA=3\nA<<E\n4\nE', ['A is set more than once, on lines 1, 3 and 4']],
    [
      'A=1\nB<<END\nx\n END\nC=1',
      ['the value that starts on line 2 never ends: no later line is its DELIMITER'],
    ],
    ['A=x\0y', ['the value on line 1 has a NUL character, which no environment can hold']],
    [
      '1=x\nA=1\nA=2',
      ['the name "1" on line 1 is not a variable\'s name', 'A is set more than once, on lines 2 and 3'],
    ],
  ];
  it.each(bad)('is named: %j', (text, findings) => {
    expect(findingsOf(input, text)).toEqual(findings);
  });

  it('is not shown where it can be part of a value of several lines', () => {
    const key = ['KEY=-----BEGIN KEY-----', 'bWFya2Vy', 'MARKER9+/x=', 'MARKERa=', '-----END KEY-----'].join(
      '\n',
    );
    expect(findingsOf(input, key)).toEqual([
      'lines 2 and 5 have no "="',
      "the name on line 3 is not a variable's name",
    ]);
    expect(findingsOf(input, 'KEY=one\ntwo')).toEqual(['line 2 has no "="']);
    expect(findingsOf(input, 'KEY=one\nmark/er+=')).toEqual(["the name on line 2 is not a variable's name"]);
  });
});

it('no message ever shows a value', () => {
  const line = fc.constantFrom(
    'A=@1',
    'B=@2',
    '1=@3',
    'C<<@4',
    'D<<E',
    'E',
    '@5 @',
    'A=@6\0',
    '@7=',
    'EC2_DEPLOY_X=@8',
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      const given: Record<string, string> = { 'stack-name': '!', env: lines.join('\n') };
      expect(() => readInputs((name) => given[name] ?? '', runner)).toThrow(/^[^@]*$/);
    }),
  );
});
