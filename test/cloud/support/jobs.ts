// Jobs that a test stops in the middle: by a cancel, or by taking their runner away.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  githubVariables,
  inheritedEnvironment,
  PROJECT,
  readCheckout,
} from '../../../testbed/runner/environment.ts';
import { inputVariables, resolveInputs } from '../../../testbed/runner/inputs.ts';
import { readManifest } from '../../../testbed/runner/manifest.ts';
import type { ActionResult } from '../../../testbed/runner/run.ts';
import { access, type DeployOptions, deploy, type TestHost } from './cloud.ts';

/** The log of a job that runs. */
class Log {
  readonly #lines: string[] = [];
  readonly #waiting = new Set<() => void>();
  #ended = false;

  take(line: string): void {
    this.#lines.push(line);
    this.#look();
  }

  end(): void {
    this.#ended = true;
    this.#look();
  }

  /**
   * Waits for a line.
   * @returns what the pattern found in it
   * @throws Error with the whole log if the job ends without such a line
   */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = this.#lines.map((line) => pattern.exec(line)).find((match) => match !== null);
      if (found) return found;
      if (this.#ended) throw new Error(`the job ended and never said ${pattern}:\n${this.#lines.join('\n')}`);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.add(resolve);
      await promise;
    }
  }

  #look(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

/** A deploy that runs and can be cancelled. */
export interface Job {
  says: Log['says'];
  /** Cancels the job as GitHub does, and waits until its post step has ended. */
  cancel(): Promise<ActionResult>;
  /** Waits until it has ended by itself. */
  ended: Promise<ActionResult>;
}

/** Starts a deploy as deploy() does, and does not wait for its end. */
export function startJob(
  host: Pick<TestHost, 'instanceId'>,
  inputs: Record<string, string>,
  options: DeployOptions = {},
): Job {
  const log = new Log();
  const cancellation = new AbortController();
  const ended = deploy(host, inputs, {
    ...options,
    cancel: cancellation.signal,
    onLine: (line) => log.take(line),
  }).finally(() => log.end());
  // Who waits for a line is told of the end by the log.
  ended.catch(() => undefined);
  return {
    says: (pattern) => log.says(pattern),
    cancel: () => {
      cancellation.abort();
      return ended;
    },
    ended,
  };
}

/** A step whose machine can go away. */
export interface VanishingJob {
  says: Log['says'];
  runUrl: string;
  /** Ends the step's process at once. There is no runner that would run a post step. */
  vanish(): void;
}

/** Starts dist/index.js as a runner would, without a runner. */
export function startVanishingJob(host: TestHost, inputs: Record<string, string>): VanishingJob {
  const log = new Log();
  const folder = mkdtempSync(join(tmpdir(), 'ec2-deploy-vanishing-'));
  const variables = jobVariables(folder, { 'instance-ids': host.instanceId, ...inputs });
  const child = spawn(process.execPath, [join(PROJECT, 'dist/index.js')], {
    env: variables,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => log.take(line));
  child.on('exit', () => {
    log.end();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    says: (pattern) => log.says(pattern),
    runUrl: `${variables['GITHUB_SERVER_URL']}/${variables['GITHUB_REPOSITORY']}/actions/runs/${variables['GITHUB_RUN_ID']}`,
    vanish: () => {
      child.kill('SIGKILL');
    },
  };
}

function jobVariables(folder: string, inputs: Record<string, string>): Record<string, string> {
  const { values } = resolveInputs(readManifest(PROJECT), inputs, {});
  const run = { id: String(Date.now()), attempt: '1', serverUrl: 'https://github.com' };
  const files = {
    GITHUB_OUTPUT: 'output',
    GITHUB_STATE: 'state',
    GITHUB_STEP_SUMMARY: 'summary',
    GITHUB_EVENT_PATH: 'event',
  };
  const paths = Object.entries(files).map(([name, file]) => [name, join(folder, file)] as const);
  for (const [, path] of paths) writeFileSync(path, path.endsWith('event') ? '{}' : '');
  return {
    ...inheritedEnvironment(),
    ...access,
    ...inputVariables(values),
    ...githubVariables(readCheckout(process.cwd(), randomUUID().replaceAll('-', '').padEnd(40, '0')), run),
    ...Object.fromEntries(paths),
    RUNNER_TEMP: folder,
  };
}
