import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

export type Program = ChildProcessByStdio<null, Readable, Readable>;

/** What a program left behind. */
export interface Outcome {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Starts one of the app's programs, seen from `dist/`, as a process of its own, with this environment and nothing else. */
export function startProgram(file: string, args: string[], environment: Record<string, string>): Program {
  const entry = path.resolve(import.meta.dirname, '../../dist', file);
  return spawn(process.execPath, [entry, ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs one of the app's programs to its end. */
export async function runProgram(
  file: string,
  args: string[],
  environment: Record<string, string>,
): Promise<Outcome> {
  const program = startProgram(file, args, environment);
  const exited = once(program, 'exit');
  const [output, errors] = await Promise.all([text(program.stdout), text(program.stderr)]);
  const [exitCode] = await exited;
  return { exitCode, output, errors };
}
