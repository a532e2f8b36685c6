import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleApp } from './processes.ts';

/** How the image starts the app, so that what is measured is what is deployed. */
export interface ImageStart {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const SETTINGS = ['NODE_ENV', 'NODE_OPTIONS', 'MALLOC_ARENA_MAX'];

/** Reads the start from the Dockerfile. @throws Error when it is not where it was. */
export function readImageStart(): ImageStart {
  const dockerfile = readFileSync(join(exampleApp, 'Dockerfile'), 'utf8');
  const command = [...dockerfile.matchAll(/^CMD (\[.*\])$/gm)].at(-1)?.[1] ?? '[]';
  const [node, ...args] = JSON.parse(command) as string[];
  const environment = Object.fromEntries(SETTINGS.map((name) => [name, settingIn(dockerfile, name)]));
  if (node !== 'node')
    throw new Error('the last CMD of example-app/Dockerfile does not start node: mend bench/app/image.ts');
  return {
    args: args.map((argument) => (argument.endsWith('.js') ? join(exampleApp, argument) : argument)),
    environment,
  };
}

function settingIn(dockerfile: string, name: string): string {
  const value = new RegExp(`^ENV .*\\b${name}=(\\S+)`, 'm').exec(dockerfile)?.[1];
  if (value === undefined)
    throw new Error(`example-app/Dockerfile does not set ${name}: mend bench/app/image.ts`);
  return value;
}

/** A folder with V8's compile cache, made as the Dockerfile makes it. */
export interface CompileCache {
  readonly environment: Readonly<Record<string, string>>;
  remove(): void;
}

export function makeCompileCache({ environment }: ImageStart): CompileCache {
  const folder = mkdtempSync(join(tmpdir(), 'bench-compile-cache-'));
  const withCache = { NODE_COMPILE_CACHE: folder };
  execFileSync(process.execPath, ['-e', "import('./dist/start.js').then(() => import('onnxruntime-node'))"], {
    cwd: exampleApp,
    env: { ...environment, ...withCache },
    stdio: 'inherit',
  });
  return { environment: withCache, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
