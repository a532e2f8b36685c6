import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './checks.ts';

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
