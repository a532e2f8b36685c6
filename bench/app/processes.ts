import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../../scripts/checks.ts';

export const exampleApp = join(root, 'example-app');

/** The core of the server that is measured; load generator and database have the other one. */
export const SERVER_CORE = 0;
const OTHER_CORE = 1;

/** A server that is measured. */
export interface MeasuredServer {
  readonly url: string;
  readonly pid: number;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

/** Moves this process, and so what it starts from now on, away from the server's core. @throws Error without taskset. */
export function leaveServerCore(): void {
  execFileSync('taskset', ['--cpu-list', '--pid', String(OTHER_CORE), String(process.pid)]);
}

/** Starts a Node program on the server's core, and waits until a line of its output, of JSON, has its port. */
export async function startOnServerCore(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<MeasuredServer> {
  const child = spawn('taskset', ['--cpu-list', String(SERVER_CORE), process.execPath, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const port = await Promise.race([portIn(child.stdout), exited.then(([code]) => neverListened(args, code))]);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: pidOf(child),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

function pidOf({ pid }: { pid?: number | undefined }): number {
  if (pid === undefined) throw new Error('taskset could not be started');
  return pid;
}

function portIn(output: NodeJS.ReadableStream): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  createInterface({ input: output }).on('line', (line) => {
    const { port } = JSON.parse(line) as { port?: number };
    if (port !== undefined) resolve(port);
  });
  return promise;
}

function neverListened(args: readonly string[], code: unknown): never {
  throw new Error(`${args.join(' ')} ended with ${code} before it listened`);
}

/** Linux counts processor time in hundredths of a second: sysconf(_SC_CLK_TCK), fixed for programs. */
const TICK_MICROSECONDS = 10_000;

/** Processor time that a process has used so far, in microseconds. */
export function processorTimeOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may have spaces. User and system time are fields 14 and 15 of proc_pid_stat(5).
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) * TICK_MICROSECONDS;
}
