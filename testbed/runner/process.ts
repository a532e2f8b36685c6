import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as delay } from 'node:timers/promises';

/** What is started, and how it is stopped. */
export interface ProcessOptions {
  file: string;
  arguments: string[];
  directory: string;
  environment: Record<string, string>;
  /** Aborting it cancels the process as GitHub's runner does. */
  cancel: AbortSignal;
  onLine(line: string): void;
}

export interface ProcessEnd {
  /** The exit code; 128 + the signal's number when a signal ended the process. */
  exitCode: number;
}

/** How long a cancelled process may take after SIGINT, then after SIGTERM, in milliseconds. */
const INTERRUPT_PATIENCE = 7500;
const TERMINATE_PATIENCE = 2500;
/** How long output is read after the process ended, when a child of it still holds the pipe, in milliseconds. */
const OUTPUT_PATIENCE = 5000;

const SIGNAL_NUMBERS: Record<string, number> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGTERM: 15,
};

/**
 * Runs a process to its end and hands over its output line by line, stdout and stderr alike.
 * A cancel sends SIGINT, SIGTERM 7.5 s later, SIGKILL 10 s later; signals go to the process alone, not to its children.
 * Source: actions/runner ProcessInvoker.cs
 */
export async function runProcess(options: ProcessOptions): Promise<ProcessEnd> {
  // A session of its own keeps a Ctrl-C at the terminal away from the process: only the runner signals it.
  const child = spawn(options.file, options.arguments, {
    cwd: options.directory,
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const streams = [child.stdout, child.stderr];
  const outputEnd = Promise.all(streams.map((stream) => readLines(stream, options.onLine)));
  const exit = waitForExit(child);
  const cancelling = cancelOnRequest(child, exit, options.cancel);
  const exitCode = await exit;
  await Promise.race([outputEnd, delay(OUTPUT_PATIENCE, undefined, { ref: false })]);
  for (const stream of streams) stream.destroy();
  cancelling.stop();
  return { exitCode };
}

/**
 * Kills what a job left running: every process that carries the job's RUNNER_TRACKING_ID.
 * @returns one line for each process killed, as GitHub's log shows it
 * Source: actions/runner JobExtension.cs
 */
export function killOrphans(trackingId: string): string[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && carries(name, trackingId))
    .flatMap((name) => {
      const command = readProcess(name, 'comm').trim();
      return kill(Number(name)) ? [`Terminate orphan process: pid (${name}) (${command})`] : [];
    });
}

async function waitForExit(child: ChildProcess): Promise<number> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + (SIGNAL_NUMBERS[signal ?? ''] ?? 0);
}

/** The runner's line reader ends a line at CR, LF and CRLF. */
async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const text = rest + decoder.write(chunk);
    // A CR at the end of a chunk may be half of a CRLF.
    const complete = text.endsWith('\r') ? text.slice(0, -1) : text;
    const lines = complete.split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? '') + text.slice(complete.length);
    for (const line of lines) onLine(line);
  });
  await once(stream, 'close');
  if (rest !== '') onLine(rest.replace(/\r$/, ''));
}

function cancelOnRequest(child: ChildProcess, exit: Promise<number>, cancel: AbortSignal): { stop(): void } {
  const escalate = async () => {
    const steps: [NodeJS.Signals, number][] = [
      ['SIGINT', INTERRUPT_PATIENCE],
      ['SIGTERM', TERMINATE_PATIENCE],
    ];
    for (const [signal, patience] of steps) {
      child.kill(signal);
      if (await endsWithin(exit, patience)) return;
    }
    child.kill('SIGKILL');
  };
  const onAbort = () => void escalate();
  if (cancel.aborted) onAbort();
  else cancel.addEventListener('abort', onAbort, { once: true });
  return { stop: () => cancel.removeEventListener('abort', onAbort) };
}

async function endsWithin(exit: Promise<number>, milliseconds: number): Promise<boolean> {
  const timer = new AbortController();
  const ended = exit.then(() => true);
  const late = delay(milliseconds, false, { signal: timer.signal }).catch(() => false);
  const result = await Promise.race([ended, late]);
  timer.abort();
  return result;
}

function carries(pid: string, trackingId: string): boolean {
  return readProcess(pid, 'environ').split('\0').includes(`RUNNER_TRACKING_ID=${trackingId}`);
}

/** A process may be gone, or another user's, by the time it is read. */
function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
