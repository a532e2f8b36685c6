import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type CommandResult, type Finding, finding, root, run } from './checks.ts';

export const exampleApp = join(root, 'example-app');

const packages = join(exampleApp, 'node_modules');
const stamp = join(packages, '.installed-from');

function lockfileHash(): string {
  const lockfile = readFileSync(join(exampleApp, 'package-lock.json'));
  return createHash('sha256').update(lockfile).digest('hex');
}

/** Whether its packages are those of its lockfile. */
function isInstalled(): boolean {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfileHash();
}

let installation: Promise<void> | undefined;

async function install(): Promise<void> {
  if (isInstalled()) return;
  // npm ci refuses a lockfile that was made where packages for other platforms were missing; npm install skips them.
  const clean = await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: exampleApp });
  const { code, output } =
    clean.code === 0
      ? clean
      : await run('npm', ['install', '--no-save', '--no-audit', '--no-fund'], { cwd: exampleApp });
  if (code !== 0) throw new Error(`npm install in example-app ended with ${code}:\n${output}`);
  writeFileSync(stamp, lockfileHash());
}

/**
 * Installs example-app's packages when its lockfile is not the one they were installed from; once per process.
 *
 * @throws Error with npm's output when they cannot be installed
 */
export function installExampleApp(): Promise<void> {
  installation ??= install();
  return installation;
}

/** example-app as a repository of its own: a copy of its folder in another place. */
export interface ExampleAppCopy {
  readonly folder: string;
  remove(): void;
}

/**
 * Copies example-app out of the repository, without what git ignores, as whoever starts from it would.
 *
 * @throws Error when git cannot list its files
 */
export async function copyOutExampleApp(): Promise<ExampleAppCopy> {
  const listing = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const { code, output } = await run('git', listing, { cwd: exampleApp });
  if (code !== 0) throw new Error(`git ls-files in example-app ended with ${code}:\n${output}`);
  const folder = mkdtempSync(join(tmpdir(), 'example-app-'));
  for (const file of output.split('\0')) {
    const source = join(exampleApp, file);
    // git still lists a file that was deleted and not yet committed.
    if (file !== '' && existsSync(source)) cpSync(source, join(folder, relative(exampleApp, source)));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Gives example-app the packages that a copy of it was just installed with, unless its own are those of its lockfile: a second
 * npm ci would take many times as long.
 *
 * @throws Error when they cannot be copied
 */
export async function installFromCopy({ folder }: ExampleAppCopy): Promise<void> {
  if (isInstalled()) return;
  rmSync(packages, { recursive: true, force: true });
  const { code, output } = await run('cp', ['-a', join(folder, 'node_modules'), packages]);
  if (code !== 0) throw new Error(`the packages of example-app could not be copied:\n${output}`);
  writeFileSync(stamp, lockfileHash());
}

/**
 * Builds the image in a folder and starts it the way it is deployed: read-only, without capabilities. It is good when
 * its app predicts, which takes the native library of this platform, when Docker calls it healthy, when it does not run
 * as root, and when it ends with 0 as it is stopped.
 */
export async function checkImage(folder: string): Promise<Finding> {
  const idFile = join(folder, 'image-id');
  const build = await run('docker', ['buildx', 'build', '--load', '--iidfile', idFile, '.'], { cwd: folder });
  if (build.code !== 0) return finding(false, build.output);
  const image = readFileSync(idFile, 'utf8');
  const database = 'DATABASE_URL=postgres://nobody@127.0.0.1:5432/none';
  const limits = ['--read-only', '--cap-drop=ALL', '--memory=512m'];
  // Asked more often than every 30 seconds, by the image's own health check.
  const settings = [...limits, '--env', database, '--publish', '127.0.0.1::8000', '--health-interval=2s'];
  const started = await run('docker', ['run', '--detach', ...settings, image]);
  if (started.code !== 0) return finding(false, started.output);
  const container = started.output.trim();
  try {
    return await checkContainer(container);
  } finally {
    await run('docker', ['rm', '--force', container]);
    await run('docker', ['image', 'rm', image]);
  }
}

async function checkContainer(container: string): Promise<Finding> {
  const serves = [await untilHealthy(container), await untilItPredicts(container)];
  const ends = [
    await run('docker', ['exec', container, 'sh', '-c', 'id && test "$(id -u)" -ne 0']),
    await run('docker', ['stop', '-t', String(PATIENCE_SECONDS), container]),
    // docker wait answers with the exit code of a container that has ended.
    await run('docker', ['wait', container]),
  ];
  const logs = await run('docker', ['logs', container]);
  const results = [...serves, ...ends];
  const good = results.every(({ code }) => code === 0) && results.at(-1)?.output.trim() === '0';
  return finding(good, together(...results, logs));
}

/** For a machine on which everything takes many times as long; what is good is found good as soon as it is. */
const PATIENCE_SECONDS = 180;
const POLL_MILLISECONDS = 250;
const ANSWER_MILLISECONDS = 10_000;
/** Docker's words for a container of which nothing more is to be expected. */
const HAS_ENDED = /^(exited|dead) /;

/** Asks until what is said passes. @returns the last that was said, with the code 1 when it does not. */
async function until(passes: RegExp, ask: () => Promise<string>): Promise<CommandResult> {
  const deadline = performance.now() + PATIENCE_SECONDS * 1000;
  let output = await ask();
  while (!passes.test(output) && !HAS_ENDED.test(output) && performance.now() < deadline) {
    await delay(POLL_MILLISECONDS);
    output = await ask();
  }
  return { code: passes.test(output) ? 0 : 1, output };
}

async function untilItPredicts(container: string): Promise<CommandResult> {
  const { code, output } = await run('docker', ['port', container, '8000/tcp']);
  if (code !== 0) return { code, output };
  return await until(/^200 .*"label":"positive"/, () => predict(`http://${output.trim()}/predict`));
}

/** @returns status and body of the answer, or why there is none. */
async function predict(url: string): Promise<string> {
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify({ text: 'I love it.' });
  const signal = AbortSignal.timeout(ANSWER_MILLISECONDS);
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, signal });
    return `${answer.status} ${await answer.text()}`;
  } catch (error) {
    return `${url}: ${error}`;
  }
}

/** Docker's own word, with what the health check has said. */
function untilHealthy(container: string): Promise<CommandResult> {
  const format = '{{.State.Status}} {{.State.Health.Status}} {{json .State.Health}}';
  const ask = () => run('docker', ['inspect', '--format', format, container]);
  return until(/^running healthy /, async () => (await ask()).output);
}

function together(...results: CommandResult[]): string {
  return results.map(({ output }) => output).join('\n');
}
