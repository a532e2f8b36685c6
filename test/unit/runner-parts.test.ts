import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseCommandLine, UsageError } from '../../testbed/runner/command-line.ts';
import { conditionHolds } from '../../testbed/runner/condition.ts';
import { readCloudEnvironment } from '../../testbed/runner/environment.ts';
import { parseKeyValueFile } from '../../testbed/runner/file-commands.ts';
import { renderMarkdown } from '../../testbed/runner/markdown.ts';
import { LogView, PLAIN } from '../../testbed/runner/terminal.ts';

let project = '';

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'runner-project-'));
  writeFileSync(join(project, 'action.yml'), 'name: x\n');
  mkdirSync(join(project, '.cloud'));
});

afterAll(() => rmSync(project, { recursive: true }));

describe('files that a step writes', () => {
  test('any value survives the heredoc form', async () => {
    await fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.uuid(), (value, id) => {
        const text = `name<<end_${id}\n${value}\nend_${id}\n`;
        expect(parseKeyValueFile(text)).toEqual([['name', value]]);
      }),
    );
  });

  test.each([
    [
      'a=1\nb=x=y\n',
      [
        ['a', '1'],
        ['b', 'x=y'],
      ],
    ],
    ['a=1', [['a', '1']]],
    ['a=<<EOF\n', [['a', '<<EOF']]],
    ['\n\na<<E\nE\n\n', [['a', '']]],
    ['a<<E\nx\nE', [['a', 'x']]],
    ['', []],
  ])('%j', (text, pairs) => {
    expect(parseKeyValueFile(text)).toEqual(pairs);
  });

  test.each([
    ['a\n', "Invalid format 'a'"],
    ['<<E\nE\n', 'Name must not be empty and delimiter must not be empty'],
    ['a<<\n\n', 'Name must not be empty and delimiter must not be empty'],
    ['a<<E\nx\n', "Matching delimiter not found 'E'"],
    ['a<<E\nx', 'EOF marker missing new line'],
    ['a<<E', "Matching delimiter not found 'E'"],
  ])('%j is refused', (text, message) => {
    expect(() => parseKeyValueFile(text)).toThrow(message);
  });
});

describe('post-if', () => {
  test.each([
    ['always()', [true, true, true]],
    ['success()', [true, false, false]],
    ['failure()', [false, true, false]],
    ['cancelled()', [false, false, true]],
    ['!cancelled()', [true, true, false]],
    ['failure() || cancelled()', [false, true, true]],
    [`\${{ !success() && !failure() }}`, [false, false, true]],
  ])('%s', (expression, expected) => {
    const statuses = ['success', 'failure', 'cancelled'] as const;
    expect(statuses.map((status) => conditionHolds(expression, status))).toEqual(expected);
  });

  test('an expression that it does not know is an error', () => {
    expect(() => conditionHolds("github.ref == 'x'", 'success')).toThrow(/cannot evaluate/);
  });
});

describe('the command line', () => {
  const parse = (...parameters: string[]) => parseCommandLine(parameters, { project, directory: '/repo' });

  test('inputs may hold = and come twice, for a line each', () => {
    expect(parse('deploy', 'env=A=1', 'env=B=x=y', 'stack-name=web')).toEqual({
      actionPath: project,
      inputs: { env: 'A=1\nB=x=y', 'stack-name': 'web' },
      workspace: '/repo',
      cancelAfter: undefined,
      debug: false,
    });
  });

  test('options stand anywhere after the action', () => {
    expect(parse('deploy', '--cancel-after', '5s', '--workspace=/w', 'a=1', '--debug')).toMatchObject({
      cancelAfter: 5000,
      workspace: '/w',
      debug: true,
      inputs: { a: '1' },
    });
  });

  test.each([
    [[], /No action given[\s\S]*Usage:/],
    [['destroy'], /Unknown action 'destroy'[\s\S]*Usage:/],
    [['rollback'], /There is no action 'rollback' yet/],
    [['deploy', 'stack-name'], /'stack-name' is neither INPUT=VALUE nor an option/],
    [['deploy', '--cancel-in', '5s'], /'--cancel-in' is neither/],
    [['deploy', '--cancel-after'], /--cancel-after needs a value/],
    [['deploy', '--cancel-after', '5x'], /'5x' is no duration; write 500ms, 5s or 2m/],
  ])('%j is refused', (parameters, message) => {
    expect(() => parse(...parameters)).toThrow(UsageError);
    expect(() => parse(...parameters)).toThrow(message);
  });
});

describe("the local cloud's variables", () => {
  test('are read from its exports, quoted or not', () => {
    const file = join(project, '.cloud', 'env');
    writeFileSync(
      file,
      `# comment\nexport AWS_REGION=eu-central-1\nexport A='x y'\nexport B="z"\nexport EMPTY=\n`,
    );
    expect(readCloudEnvironment(file)).toEqual({ AWS_REGION: 'eu-central-1', A: 'x y', B: 'z', EMPTY: '' });
  });

  test('are absent when it is not up', () => {
    expect(readCloudEnvironment(join(project, 'nowhere'))).toBeUndefined();
  });
});

describe('the log on a terminal', () => {
  test('shows groups indented and commands in words', () => {
    const view = new LogView(PLAIN);
    const lines = [
      '##[group]Build',
      'step',
      '##[endgroup]',
      'plain',
      '##[error]no',
      '##[warning]hm',
      '##[notice]so',
    ];
    expect(lines.map((line) => view.render(line))).toEqual([
      '▸ Build',
      '  step',
      undefined,
      'plain',
      'Error: no',
      'Warning: hm',
      'Notice: so',
    ]);
  });
});

describe('a summary on a terminal', () => {
  test('headings, tables, lists, code and details of Markdown', () => {
    const markdown = [
      '## Deployed `web`',
      '',
      '| Host | Verdict |',
      '| :--- | ---: |',
      '| i-0123 | **deployed** ✅ |',
      '| i-1 | a \\| b |',
      '',
      '- one [link](https://x.example/)',
      '> quoted',
      '<details><summary>Last log lines</summary>',
      '',
      '```',
      'Error: <no> **database**',
      '```',
      '</details>',
      'after &amp; out',
    ].join('\n');
    expect(renderMarkdown(markdown)).toBe(
      [
        'Deployed web',
        '────────────',
        '',
        'Host    Verdict',
        '──────  ───────────',
        'i-0123  deployed ✅',
        'i-1     a | b',
        '',
        '• one link (https://x.example/)',
        '▏ quoted',
        '',
        '▾ Last log lines',
        '',
        '  │ Error: <no> **database**',
        '',
        'after & out',
      ].join('\n'),
    );
  });

  test('a table without words in its head', () => {
    expect(renderMarkdown('| | |\n|---|---|\n| Verdict | deployed |\n')).toBe('Verdict  deployed');
  });

  test("the HTML that the toolkit's summary writes", () => {
    const html =
      '<h1>Rolled back</h1>\n<table><tr><th>Host</th><th>Why</th></tr><tr><td>i-1</td><td>exit code 1</td></tr></table>\n' +
      '<ul><li>a</li><li>b</li></ul>\n<pre lang="text"><code>boom</code></pre>\n<a href="https://x.example">run</a>\n';
    expect(renderMarkdown(html)).toBe(
      [
        'Rolled back',
        '═══════════',
        '',
        'Host  Why',
        '────  ───────────',
        'i-1   exit code 1',
        '',
        '• a',
        '• b',
        '',
        '│ boom',
        '',
        'run (https://x.example)',
      ].join('\n'),
    );
  });
});
