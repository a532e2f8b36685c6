import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT } from '../runner/environment.ts';
import { type ActionResult, runAction } from '../runner/run.ts';

/** Name of the app, its stack and its repository. */
export const APP = 'example-app';
export const DATABASE_PARAMETER = `/${APP}/database-url`;

/** Where the whole logs of the demo's deploys are. */
export const LOG_FOLDER = join(PROJECT, '.cloud', 'logs');

/** The inputs of the demo's workflow. */
export const WORKFLOW_INPUTS: Record<string, string> = {
  'stack-name': APP,
  'app-name': APP,
  secrets: `DATABASE_URL=${DATABASE_PARAMETER}`,
  'migrate-command': 'node dist/migrate.js',
  'read-only': 'true',
};

export interface Deploy extends ActionResult {
  /** Where the whole log is. */
  logFile: string;
}

/** Deploys version N of example-app through the action, as a push of that version would. */
export function deployVersion(version: number, onLine: (line: string) => void): Promise<Deploy> {
  return deploy(version, { context: APP, 'build-args': `VERSION=${version}` }, onLine);
}

/** Deploys a version that ends at once when it is started, made from a good image. */
export function deployBrokenVersion(
  version: number,
  goodImage: string,
  onLine: (line: string) => void,
): Promise<Deploy> {
  const inputs = {
    context: 'testbed/demo',
    dockerfile: 'testbed/demo/broken.Dockerfile',
    'build-args': `APP_IMAGE=${goodImage}\nNEXT_VERSION=${version}`,
  };
  return deploy(version, inputs, onLine);
}

async function deploy(
  version: number,
  inputs: Record<string, string>,
  onLine: (line: string) => void,
): Promise<Deploy> {
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  const result = await runAction({
    inputs: { ...WORKFLOW_INPUTS, ...inputs },
    workspace: PROJECT,
    // Each version is a commit of its own, as in a real repository.
    sha: createHash('sha1').update(`${APP} version ${version}`).digest('hex'),
    // Ctrl-C cancels the job, which goes back before it ends.
    cancel: interrupt.signal,
    onLine,
  });
  process.off('SIGINT', onInterrupt);
  return { ...result, logFile: await writeLog(version, result.log) };
}

async function writeLog(version: number, log: string): Promise<string> {
  await mkdir(LOG_FOLDER, { recursive: true });
  const file = join(LOG_FOLDER, `version-${version}.log`);
  await writeFile(file, `${log}\n`);
  return file;
}
