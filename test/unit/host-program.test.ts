import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { condensed, hostProgram } from '../../src/host/program.ts';

const source = readFileSync('src/host/program.sh', 'utf8');

/** Every function as bash understood it: comments make no difference to it. */
function functionsOf(program: string): string {
  return execFileSync('bash', ['-c', `${program}\ndeclare -f`], { encoding: 'utf8' });
}

describe('the program that is sent', () => {
  test('is the one of the source, without its comments', async () => {
    expect(functionsOf(await hostProgram())).toBe(functionsOf(source));
    expect(await hostProgram()).not.toMatch(/^\s*#(?!!)/m);
  });

  test('leaves room for 18,000 bytes of variables', async () => {
    expect(Buffer.byteLength(await hostProgram())).toBeLessThan(60_000 - 18_000 * (4 / 3));
  });

  test('keeps its first line, and what only looks like a comment', () => {
    expect(condensed('#!/bin/bash\n# gone\n\n    echo "a # b" # kept\n')).toBe(
      '#!/bin/bash\necho "a # b" # kept\n',
    );
  });
});
