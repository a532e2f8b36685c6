import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitWords } from '../../src/inputs/words.ts';

/** The words of each line as bash finds them; one bash for all lines, whose start takes longer than its answers. */
function wordsOfBash(lines: string[]): string[][] {
  const script = lines.map((line) => `words=(${line}\n); printf '%s\\0' "\${#words[@]}" "\${words[@]}"`);
  const output = execFileSync('bash', ['--norc', '-c', script.join('\n')], {
    encoding: 'utf8',
    env: { LC_ALL: 'C' },
  });
  const answers = output.split('\0');
  return lines.map(() => answers.splice(0, Number(answers.shift())));
}

function words(line: string): string[] {
  const split = splitWords(line);
  if (!split.ok) throw new Error(split.reason);
  return split.words;
}

describe('a command line', () => {
  const lines: [line: string, words: string[]][] = [
    ['', []],
    [' \n\t', []],
    ['a  b\tc\nd', ['a', 'b', 'c', 'd']],
    [`'' ""`, ['', '']],
    [`a''b"c"\\d`, ['abcd']],
    [`'a "b" \\'`, ['a "b" \\']],
    [`"a 'b' \\" \\\\ \\n"`, [`a 'b' " \\ \\n`]],
    ['a\\\nb "c\\\nd"', ['ab', 'cd']],
    ['a\\ b', ['a b']],
    ['😀\\😀', ['😀😀']],
  ];
  it.each(lines)('%j is split as bash splits it', (line, expected) => {
    expect(words(line)).toEqual(expected);
    if (!line.includes('\n')) expect(wordsOfBash([line])).toEqual([expected]);
  });

  it('is not expanded', () => {
    expect(words('echo $HOME "$(id)" `id` * ~ a;b && c | d > e #f {a,b}')).toEqual([
      'echo',
      '$HOME',
      '$(id)',
      '`id`',
      '*',
      '~',
      'a;b',
      '&&',
      'c',
      '|',
      'd',
      '>',
      'e',
      '#f',
      '{a,b}',
    ]);
  });

  it('with random words in random quotes is split as bash splits it', () => {
    const word = fc.array(quotedPiece(), { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));
    const gap = fc.constantFrom(' ', '  ', '\t', '\n');
    const line = fc.array(fc.tuple(gap, word), { maxLength: 40 }).map((parts) => parts.flat().join(''));
    fc.assert(
      fc.property(fc.array(line, { minLength: 20, maxLength: 20 }), (texts) => {
        expect(texts.map(words)).toEqual(wordsOfBash(texts));
      }),
      { numRuns: 10 },
    );
  });
});

/** A piece of a word in one of the ways to quote it, with characters that would mean something unquoted. */
function quotedPiece(): fc.Arbitrary<string> {
  const character = fc.oneof(
    fc.constantFrom(
      ' ',
      '\n',
      '\t',
      '\\',
      "'",
      '"',
      '$',
      '`',
      '*',
      ';',
      '&',
      '|',
      '#',
      '!',
      '~',
      '(',
      '{',
      'é',
      '😀',
    ),
    // bash doubles the two that it marks quotes with inside, when they stand between double quotes in an array.
    fc
      .string({ unit: 'binary', minLength: 1, maxLength: 1 })
      .filter((text) => !['\0', '\u0001', '\u007f'].includes(text)),
  );
  const text = fc.array(character, { maxLength: 6 }).map((characters) => characters.join(''));
  return fc.oneof(
    text.map((inside) => `'${inside.replaceAll("'", '')}'`),
    text.map((inside) => `"${inside.replaceAll(/[$`"\\]/g, '\\$&')}"`),
    character.map((one) => `\\${one}`),
    fc.stringMatching(/^[A-Za-z0-9_./:@%+-]{1,6}$/),
    fc.constantFrom('"a\\b"', '"\\\n"', '""', "''", '\\\n'),
  );
}

describe('what cannot be split is refused with its place', () => {
  const bad: [line: string, reason: string][] = [
    [`a 'b`, `the quote ' opened at character 3 is never closed`],
    [`"a\\"`, `the quote " opened at character 1 is never closed`],
    [`it's`, `the quote ' opened at character 3 is never closed`],
    ['é😀 b\\', 'the backslash at the end (character 5) has nothing to quote'],
  ];
  it.each(bad)('%j', (line, reason) => {
    expect(splitWords(line)).toEqual({ ok: false, reason });
  });
});

it('splits a line as long as an input can be', () => {
  expect(words(`"${'a'.repeat(131_000)}"`)).toEqual(['a'.repeat(131_000)]);
  expect(splitWords(`"${'a'.repeat(131_000)}`).ok).toBe(false);
});
