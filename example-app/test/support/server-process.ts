import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Program, startProgram } from './programs.ts';

/** The app as a process of its own. */
export interface RunningServer {
  readonly program: Program;
  readonly port: number;
  readonly url: string;
  /** The lines that it has logged, each one a JSON object. */
  readonly log: string[];
  /** Sends SIGTERM and waits until it has ended. */
  stop(): Promise<Ending>;
}

/** How a process ended. */
export interface Ending {
  readonly exitCode: number | null;
  readonly milliseconds: number;
}

/**
 * Starts the app on a free port and waits until it listens.
 * @param file of the program, seen from `dist/`.
 * @throws Error with its log when it ends instead.
 */
export async function startServer(
  environment: Record<string, string>,
  file = 'server.js',
): Promise<RunningServer> {
  const program = startProgram(file, [], { PORT: '0', ...environment });
  const log: string[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: program.stdout }).on('line', (line) => {
      log.push(line);
      const entry = JSON.parse(line);
      if (entry.msg === 'listening') resolve(entry.port);
    });
    program.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${log.join('\n')}`)));
  });
  return { program, port, url: `http://127.0.0.1:${port}`, log, stop: () => stop(program) };
}

async function stop(program: Program): Promise<Ending> {
  const started = performance.now();
  const exited = once(program, 'exit');
  program.kill('SIGTERM');
  const [exitCode] = await exited;
  return { exitCode, milliseconds: performance.now() - started };
}

/** Reads one number of the server's metrics, with its labels if it has some. @throws Error when it is not there. */
export async function readMetric(url: string, name: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const line = metrics.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  if (line === undefined) throw new Error(`the metrics have no ${name}`);
  return Number(line.slice(name.length + 1));
}
