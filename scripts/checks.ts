import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';

/** The repository's root: every check runs from here unless it says otherwise. */
export const root = join(import.meta.dirname, '..');

/** How a command ended. */
export interface CommandResult {
  /** Its exit code; 1 when a signal ended it. */
  code: number;
  /** What it wrote, both streams in the order of arrival. */
  output: string;
}

/** What a check found. A check that could not run says why in `notRun`, and is neither good nor bad. */
export interface Finding {
  passed: number;
  failed: number;
  output: string;
  notRun?: string;
}

export interface Check {
  name: string;
  run: () => Promise<Finding>;
}

/** How a command is run. */
export interface RunOptions {
  /** Folder to run in, the repository's root by default. */
  cwd?: string;
  /** What it reads from its standard input. */
  input?: string;
  /** Whether its output is also shown as it comes. */
  live?: boolean;
  /** Variables that it has beside those of this process. */
  environment?: Record<string, string>;
}

/**
 * Commands that a check starts find this process's Node first, whatever the machine's own is. The tests start the bundle hundreds
 * of times, so that Node keeps what it has compiled (https://nodejs.org/api/module.html#module-compile-cache).
 */
function environment(): NodeJS.ProcessEnv {
  const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  return { ...process.env, PATH: path, NODE_COMPILE_CACHE: join(root, '.tools', 'compile-cache') };
}

/**
 * Runs a command to its end.
 *
 * @param command name on the PATH or a path
 * @throws Error when it cannot be started
 */
export async function run(command: string, args: string[], options: RunOptions = {}): Promise<CommandResult> {
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: { ...environment(), ...options.environment },
  });
  let output = '';
  const take = (text: string): void => {
    output += text;
    if (options.live) process.stdout.write(text);
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  // A command that ends before it has read everything is judged by its exit code.
  child.stdin.on('error', () => undefined).end(options.input ?? '');
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** A check that is good when its command ends with 0. */
export async function commandFinding(
  command: string,
  args: string[],
  options: RunOptions = {},
): Promise<Finding> {
  const { code, output } = await run(command, args, options);
  return finding(code === 0, output);
}

export function finding(good: boolean, output: string): Finding {
  return { passed: good ? 1 : 0, failed: good ? 0 : 1, output };
}

/** Whether a command is on the PATH. */
export async function isInstalled(command: string): Promise<boolean> {
  return (await run('sh', ['-c', 'command -v "$1"', 'sh', command])).code === 0;
}

async function findingOf(check: Check): Promise<Finding> {
  try {
    return await check.run();
  } catch (error) {
    return finding(false, error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

function line(name: string, found: Finding, seconds: number): string {
  const word = found.failed > 0 ? 'FAILED' : found.notRun === undefined ? 'ok' : 'not run';
  const count = found.passed + found.failed > 1 ? `${found.passed} passed, ${found.failed} failed` : '';
  const time = `${seconds.toFixed(1)} s`.padStart(8);
  return [word.padEnd(7), name.padEnd(18), time, ' ', found.notRun ?? count].join(' ').trimEnd();
}

function indented(text: string): string {
  return text.trimEnd().replace(/^/gm, '    ');
}

/** Runs one check and prints its line, and what it wrote when it failed. */
export async function report(check: Check): Promise<Finding> {
  const start = performance.now();
  const found = await findingOf(check);
  console.log(line(check.name, found, (performance.now() - start) / 1000));
  if (found.failed > 0) console.log(indented(found.output));
  return found;
}

/** Runs checks side by side; each prints its line as it ends. */
export async function reportAll(checks: Check[]): Promise<Finding[]> {
  return await Promise.all(checks.map(report));
}
