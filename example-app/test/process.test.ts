import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createMigratedDatabase, type TestDatabase } from './support/databases.ts';
import { type Program, runProgram, startProgram } from './support/programs.ts';
import { until } from './support/until.ts';

interface RunningServer {
  readonly program: Program;
  readonly port: number;
  readonly url: string;
  readonly log: string[];
}

let database: TestDatabase;
const programs: Program[] = [];

beforeAll(async () => {
  database = await createMigratedDatabase();
});

afterEach(() => {
  for (const program of programs.splice(0)) program.kill('SIGKILL');
});

afterAll(() => database.drop());

async function startServer(environment: Record<string, string> = {}): Promise<RunningServer> {
  const program = startProgram('server.ts', [], { DATABASE_URL: database.url, PORT: '0', ...environment });
  programs.push(program);
  const log: string[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: program.stdout }).on('line', (line) => {
      log.push(line);
      const entry = JSON.parse(line);
      if (entry.msg === 'listening') resolve(entry.port);
    });
    program.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${log.join('\n')}`)));
  });
  return { program, port, url: `http://127.0.0.1:${port}`, log };
}

/** Sends the signal and returns exit code and duration. */
async function stop(program: Program): Promise<{ exitCode: number | null; milliseconds: number }> {
  const started = performance.now();
  const exited = once(program, 'exit');
  program.kill('SIGTERM');
  const [exitCode] = await exited;
  return { exitCode, milliseconds: performance.now() - started };
}

async function isRefused(url: string): Promise<boolean> {
  const error = await fetch(url).then(
    () => undefined,
    (reason: Error) => reason.cause,
  );
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}

async function waitsForLock(): Promise<boolean> {
  const rows = await database.query(
    'select from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())',
  );
  return rows.length > 0;
}

describe('SIGTERM', () => {
  it('ends an idle server at once with exit code 0, also with idle connections and open database connections', async () => {
    const { program, url, log } = await startServer();
    // fetch keeps its connection alive.
    expect((await fetch(`${url}/items`)).status).toBe(200);
    const { exitCode, milliseconds } = await stop(program);
    expect(exitCode).toBe(0);
    expect(milliseconds).toBeLessThan(2_000);
    const messages = log.map((line) => JSON.parse(line).msg).filter((message) => message !== 'model loaded');
    expect(messages).toEqual(['listening', 'stopping', 'stopped']);
  });

  it('lets a request in flight finish, takes no new ones, and announces the end of the connection', async () => {
    const { program, url } = await startServer();
    const blocker = await database.connect();
    await blocker.query('begin; lock table item in access exclusive mode');
    const answer = fetch(`${url}/items`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'in flight' }),
    });
    await until('the request waits in the database', waitsForLock);

    const exited = stop(program);
    await until('new connections are refused', () => isRefused(`${url}/health`));
    await blocker.query('commit');
    await blocker.end();

    const response = await answer;
    expect(response.status).toBe(201);
    expect(response.headers.get('connection')).toBe('close');
    expect(await response.json()).toMatchObject({ name: 'in flight' });
    expect(await database.query(`select from item where name = 'in flight'`)).toHaveLength(1);
    expect((await exited).exitCode).toBe(0);
  });

  it('cuts a request that never ends, and still exits 0 within 10 seconds', async () => {
    const { program, port, log } = await startServer();
    const endless = request({
      port,
      method: 'POST',
      path: '/items',
      headers: { 'Content-Type': 'application/json', 'Content-Length': 100, Expect: '100-continue' },
    });
    const cut = once(endless, 'error');
    endless.flushHeaders();
    // The server's word that it has the request and waits for the body, which never comes.
    await once(endless, 'continue');
    const { exitCode, milliseconds } = await stop(program);
    await cut;
    expect(exitCode).toBe(0);
    expect(milliseconds).toBeLessThan(10_000);
    expect(log.join('\n')).toContain('cut requests that did not finish in time');
  });
});

describe('at start', () => {
  it('reads PORT, VERSION and EC2_DEPLOY_RELEASE, and keeps the database password to itself', async () => {
    const { url, log } = await startServer({ VERSION: 'v7', EC2_DEPLOY_RELEASE: 'r-7' });
    const response = await fetch(url);
    expect(await response.json()).toEqual({ name: 'example-app', version: 'v7', release: 'r-7' });
    expect(JSON.parse(log[0] ?? '')).toMatchObject({ version: 'v7', release: 'r-7' });
    expect(log.join('\n')).not.toContain(new URL(database.url).password);
  });

  it('a missing DATABASE_URL ends it with exit code 1 and one line that says so', async () => {
    const { exitCode, errors } = await runProgram('server.ts', [], {});
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^DATABASE_URL is missing: .*\n$/);
  });

  it('a port that is taken ends it with exit code 1', async () => {
    const other = createServer().listen(0);
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { exitCode, errors } = await runProgram('server.ts', [], {
      DATABASE_URL: database.url,
      PORT: String(port),
    });
    other.close();
    expect(exitCode).toBe(1);
    expect(errors).toContain('EADDRINUSE');
  });

  it('never migrates: the tables are the same before and after', async () => {
    const tables = () =>
      database.query(`select tablename from pg_tables where schemaname = 'public' order by 1`);
    const before = await tables();
    const { url } = await startServer();
    await fetch(`${url}/items`);
    expect(await tables()).toEqual(before);
  });
});

describe('the health check of the image', () => {
  it('exits 0 while the server answers, and not when it is gone', async () => {
    const { program, port } = await startServer();
    const environment = { DATABASE_URL: database.url, PORT: String(port) };
    expect((await runProgram('healthcheck.ts', [], environment)).exitCode).toBe(0);
    await stop(program);
    expect((await runProgram('healthcheck.ts', [], environment)).exitCode).toBe(1);
  });
});
