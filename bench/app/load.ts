import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { median } from './numbers.ts';
import { type MeasuredServer, processorTimeOf } from './processes.ts';

export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

/** What one run measured. */
export interface Run {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Processor time that the server used for a request, in microseconds: it does not depend on what else the machine does. */
  readonly processor: number;
}

interface WrkResult {
  readonly requests: number;
  readonly microseconds: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers with a status of 400 and more. */
  readonly refused: number;
  readonly broken: number;
}

export const CONNECTIONS = 64;
/** An answer that takes longer counts as none; wrk's own two seconds are short on a machine that does much else. */
const PATIENCE_SECONDS = 10;

/**
 * Makes sure that wrk, the load generator, is there: it needs so little of its core that it does not measure itself.
 * @throws Error that says how to install it.
 */
export function requireWrk(): void {
  if (hasWrk()) return;
  const installed = spawnSync('apt-get', ['install', '-qy', '--no-install-recommends', 'wrk'], {
    stdio: 'ignore',
  });
  if (installed.status === 0 && hasWrk()) return;
  throw new Error('wrk is missing: install it (apt-get install wrk, brew install wrk) and try again');
}

function hasWrk(): boolean {
  return spawnSync('wrk', ['--version'], { stdio: 'ignore' }).error === undefined;
}

/**
 * Loads the server for some seconds, from this process's core.
 * @throws Error when an answer was not a success: such a run measures nothing.
 */
export function load(
  { url, pid }: Pick<MeasuredServer, 'url' | 'pid'>,
  { method, path, body }: Request,
  seconds: number,
): Run {
  const before = processorTimeOf(pid);
  const output = execFileSync(
    'wrk',
    [
      '--threads=1',
      `--connections=${CONNECTIONS}`,
      `--duration=${seconds}s`,
      `--timeout=${PATIENCE_SECONDS}s`,
      `--script=${join(import.meta.dirname, 'load.lua')}`,
      url + path,
      '--',
      method,
      ...(body === undefined ? [] : [body]),
    ],
    { encoding: 'utf8' },
  );
  const result = JSON.parse(output.trim().split('\n').at(-1) ?? '') as WrkResult;
  if (result.requests === 0 || result.refused > 0 || result.broken > 0) {
    throw new Error(`${method} ${path}: not every answer was a success: ${JSON.stringify(result)}`);
  }
  return {
    requestsPerSecond: result.requests / (result.microseconds / 1e6),
    p50: result.p50 / 1000,
    p99: result.p99 / 1000,
    processor: (processorTimeOf(pid) - before) / result.requests,
  };
}

/** The run in the middle, for each figure by itself. */
export function medianRun(runs: readonly Run[]): Run {
  return {
    requestsPerSecond: median(runs.map((run) => run.requestsPerSecond)),
    p50: median(runs.map((run) => run.p50)),
    p99: median(runs.map((run) => run.p99)),
    processor: median(runs.map((run) => run.processor)),
  };
}
