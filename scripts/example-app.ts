import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type CommandResult, type Finding, finding, root, run } from './checks.ts';

export const exampleApp = join(root, 'example-app');

const stamp = join(exampleApp, 'node_modules', '.installed-from');

function lockfileHash(): string {
  const lockfile = readFileSync(join(exampleApp, 'package-lock.json'));
  return createHash('sha256').update(lockfile).digest('hex');
}

let installation: Promise<void> | undefined;

async function install(): Promise<void> {
  const hash = lockfileHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  // npm ci refuses a lockfile that was made where packages for other platforms were missing; npm install skips them.
  const clean = await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: exampleApp });
  const { code, output } =
    clean.code === 0
      ? clean
      : await run('npm', ['install', '--no-save', '--no-audit', '--no-fund'], { cwd: exampleApp });
  if (code !== 0) throw new Error(`npm install in example-app ended with ${code}:\n${output}`);
  writeFileSync(stamp, hash);
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
 * Builds the image in a folder and starts it the way it is deployed: read-only, without capabilities. It is good when
 * its app has loaded the model, which takes the native library of this platform, when its health check says so, when it
 * does not run as root, and when it ends with 0 as it is stopped.
 */
export async function checkImage(folder: string): Promise<Finding> {
  const idFile = join(folder, 'image-id');
  const build = await run('docker', ['buildx', 'build', '--load', '--iidfile', idFile, '.'], { cwd: folder });
  if (build.code !== 0) return finding(false, build.output);
  const image = readFileSync(idFile, 'utf8');
  const database = 'DATABASE_URL=postgres://nobody@127.0.0.1:5432/none';
  const limits = ['--read-only', '--cap-drop=ALL', '--memory=512m'];
  const started = await run('docker', ['run', '--detach', ...limits, '--env', database, image]);
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
  const inside = ['exec', container];
  const results = [
    await run('docker', [...inside, 'node', '--eval', UNTIL_MODEL_IS_LOADED]),
    await run('docker', [...inside, 'node', 'dist/healthcheck.js']),
    await run('docker', [...inside, 'sh', '-c', 'id && test "$(id -u)" -ne 0']),
    await run('docker', ['stop', container]),
    // docker wait answers with the exit code of a container that has ended.
    await run('docker', ['wait', container]),
  ];
  const logs = await run('docker', ['logs', container]);
  const good = results.every(({ code }) => code === 0) && results.at(-1)?.output.trim() === '0';
  return finding(good, together(...results, logs));
}

/** Runs in the container: asks the app until it says that its model is loaded, for 20 seconds. */
const UNTIL_MODEL_IS_LOADED = `
  const deadline = Date.now() + 20_000;
  const ask = () => fetch('http://127.0.0.1:8000/ready').then((answer) => answer.json(), (error) => ({ error }));
  let said = await ask();
  while (!said.checks?.model.ok && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    said = await ask();
  }
  console.log(said);
  process.exit(said.checks?.model.ok ? 0 : 1);
`;

function together(...results: CommandResult[]): string {
  return results.map(({ output }) => output).join('\n');
}
