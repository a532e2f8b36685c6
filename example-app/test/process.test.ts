import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createMigratedDatabase, type TestDatabase } from './support/databases.ts';
import { type Outcome, type Program, runProgram } from './support/programs.ts';
import { type RunningServer, startServer } from './support/server-process.ts';
import { until } from './support/until.ts';

let database: TestDatabase;
const programs: Program[] = [];

beforeAll(async () => {
  database = await createMigratedDatabase();
});

afterEach(() => {
  for (const program of programs.splice(0)) program.kill('SIGKILL');
});

afterAll(() => database.drop());

async function start(environment: Record<string, string> = {}): Promise<RunningServer> {
  const server = await startServer({ DATABASE_URL: database.url, ...environment });
  programs.push(server.program);
  return server;
}

/** Asks until the answer has this status. */
async function untilAnswered(url: string, status: number): Promise<Response> {
  let response: Response | undefined;
  await until(`${url} answers ${status}`, async () => {
    response = await fetch(url);
    return response.status === status;
  });
  if (!response) throw new Error(`${url} was not asked`);
  return response;
}

/** Makes node run this module before the program's own. */
function importing(script: string): string {
  return `--import=data:text/javascript,${encodeURIComponent(script)}`;
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
    const { stop, url, log } = await start();
    // fetch keeps its connection alive.
    expect((await fetch(`${url}/items`)).status).toBe(200);
    const { exitCode, milliseconds } = await stop();
    expect(exitCode).toBe(0);
    expect(milliseconds).toBeLessThan(5_000);
    const messages = log.map((line) => JSON.parse(line).msg).filter((message) => message !== 'model loaded');
    expect(messages).toEqual(['listening', 'stopping', 'stopped']);
  });

  it('lets a request in flight finish, takes no new ones, and announces the end of the connection', async () => {
    const { stop, url } = await start();
    const blocker = await database.connect();
    await blocker.query('begin; lock table item in access exclusive mode');
    const answer = fetch(`${url}/items`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'in flight' }),
    });
    await until('the request waits in the database', waitsForLock);

    const exited = stop();
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

  it('turns /ready to 503 while requests are in flight', async () => {
    const { stop, url } = await start();
    await until('it is ready', async () => (await fetch(`${url}/ready`)).ok);
    const blocker = await database.connect();
    await blocker.query('begin; lock table item in access exclusive mode');
    const answer = fetch(`${url}/items`);
    await until('the request waits in the database', waitsForLock);

    const exited = stop();
    const notReady = await untilAnswered(`${url}/ready`, 503);
    await blocker.query('commit');
    await blocker.end();
    expect(await notReady.json()).toMatchObject({ ready: false, stopping: true });
    expect((await answer).status).toBe(200);
    expect((await exited).exitCode).toBe(0);
  });

  it('is heard from the first moment, before anything of the app is loaded', async () => {
    // Tells which modules are loaded, and sends the signal as soon as the server listens to it.
    const script = `
      import { registerHooks } from 'node:module';
      registerHooks({ load: (url, context, next) => (console.log(url), next(url, context)) });
      const once = process.once.bind(process);
      process.once = (event, listener) => {
        once(event, listener);
        if (event === 'SIGTERM') { console.log('signal'); process.kill(process.pid, 'SIGTERM'); }
      };`;
    const { exitCode, output } = await runProgram('server.js', [], {
      DATABASE_URL: database.url,
      PORT: '0',
      NODE_OPTIONS: importing(script),
    });
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^file:\S+\/dist\/server\.js\nsignal\n/);
  });

  it('cuts a request that never ends, and still exits 0 within 10 seconds', async () => {
    const { stop, port, log } = await start({ REQUEST_TIMEOUT_SECONDS: '2' });
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
    const { exitCode, milliseconds } = await stop();
    await cut;
    expect(exitCode).toBe(0);
    expect(milliseconds).toBeLessThan(10_000);
    expect(log.join('\n')).toContain('cut requests that did not finish in time');
  });
});

describe('an error that nothing handles', () => {
  it.each([
    ['thrown', `throw new Error('marker')`],
    ['of a promise', `Promise.reject(new Error('marker'))`],
  ])('%s ends the process with a line in the log and an exit code that is not 0', async (_name, failure) => {
    const script = `process.on('SIGUSR2', () => { ${failure} })`;
    const { program, log } = await start({
      NODE_OPTIONS: importing(script),
    });
    const exited = once(program, 'exit');
    program.kill('SIGUSR2');
    expect((await exited)[0]).toBe(1);
    const last = JSON.parse(log.at(-1) ?? '');
    expect(last).toMatchObject({ level: 60, msg: 'unhandled error', err: { message: 'marker' } });
    expect(last.err.stack).toContain('marker');
  });

  it('ends the process in the same way when it is no Error at all', async () => {
    const script = `process.on('SIGUSR2', () => { throw 'marker' })`;
    const { program, log } = await start({ NODE_OPTIONS: importing(script) });
    const exited = once(program, 'exit');
    program.kill('SIGUSR2');
    expect((await exited)[0]).toBe(1);
    expect(JSON.parse(log.at(-1) ?? '')).toMatchObject({ msg: 'unhandled error', err: 'marker' });
  });
});

describe('at start', () => {
  it('reads PORT, VERSION and EC2_DEPLOY_RELEASE, and keeps the database password to itself', async () => {
    const { url, log } = await start({ VERSION: 'v7', EC2_DEPLOY_RELEASE: 'r-7' });
    const response = await fetch(url);
    expect(await response.json()).toEqual({ name: 'example-app', version: 'v7', release: 'r-7' });
    expect(JSON.parse(log[0] ?? '')).toMatchObject({ version: 'v7', release: 'r-7' });
    expect(log.join('\n')).not.toContain(new URL(database.url).password);
  });

  it('a missing DATABASE_URL ends it with exit code 1 and one line that says so', async () => {
    const { exitCode, errors } = await runProgram('server.js', [], {});
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^DATABASE_URL is missing: .*\n$/);
  });

  it('a port that is taken ends it with exit code 1', async () => {
    const other = createServer().listen(0);
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { exitCode, errors } = await runProgram('server.js', [], {
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
    const { url } = await start();
    await fetch(`${url}/items`);
    expect(await tables()).toEqual(before);
  });
});

describe('the health check of the image', () => {
  function check(port: number): Promise<Outcome> {
    return runProgram('healthcheck.js', [], { PORT: String(port) });
  }

  /** Checks a server that does this with every request. */
  async function checkServer(listener: RequestListener): Promise<Outcome> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      return await check((server.address() as AddressInfo).port);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it('exits 0 without a word while the app answers, and says in one line that it is gone', async () => {
    const { stop, port } = await start();
    expect(await check(port)).toEqual({ exitCode: 0, output: '', errors: '' });
    await stop();
    const { exitCode, errors } = await check(port);
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^not healthy: connect ECONNREFUSED .*\n$/);
  });

  it('says in one line that the answer is not 200', async () => {
    const outcome = await checkServer((_request, response) => response.writeHead(503).end());
    expect(outcome).toEqual({ exitCode: 1, output: '', errors: 'not healthy: it answered 503\n' });
  });

  it('says in one line that no answer comes, in half of the time that Docker gives it', async () => {
    const { exitCode, errors } = await checkServer(() => undefined);
    expect(exitCode).toBe(1);
    const [, seconds] = /^not healthy: no answer within (\d+) seconds\n$/.exec(errors) ?? [];
    const dockerfile = readFileSync(path.resolve(import.meta.dirname, '../Dockerfile'), 'utf8');
    const [, given] = /^HEALTHCHECK .*--timeout=(\d+)s/m.exec(dockerfile) ?? [];
    expect(Number(seconds)).toBe(Number(given) / 2);
  });

  it('says in one line that PORT is wrong', async () => {
    const { exitCode, errors } = await runProgram('healthcheck.js', [], { PORT: 'x' });
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^not healthy: PORT is "x": .*\n$/);
  });
});

it('the log names release and request of what failed', async () => {
  const nowhere = new URL(database.url);
  nowhere.pathname = '/nowhere';
  const { url, log } = await start({ DATABASE_URL: nowhere.href, EC2_DEPLOY_RELEASE: 'r-7' });
  await fetch(`${url}/items`, { headers: { 'X-Request-Id': 'marker-of-the-request' } });
  await until(
    'both lines are there',
    async () => log.filter((line) => line.includes('marker-of')).length === 2,
  );
  const lines = log
    .map((line) => JSON.parse(line))
    .filter(({ requestId }) => requestId === 'marker-of-the-request');
  expect(lines).toMatchObject([
    {
      msg: 'database unavailable',
      release: 'r-7',
      method: 'GET',
      path: '/items',
      err: { name: 'DatabaseUnavailableError' },
    },
    { msg: 'answered', release: 'r-7', route: '/items', status: 503 },
  ]);
});
