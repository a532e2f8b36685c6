import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setInterval as every } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from './support/postgres.ts';
import { runProgram } from './support/programs.ts';
import { type RunningServer, readMetric, startServer } from './support/server-process.ts';
import { until } from './support/until.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const IDLE_CONNECTIONS = 2_000;
/** So many at once: the kernel keeps 511 for a busy server, and forgets those beyond without telling either side. */
const WAVE = 200;
/** What the collector may not have thrown away yet; a leak of what these tests send would be several times that. */
const SLACK_MEBIBYTES = 150;

let postgres: PostgresServer;
let server: RunningServer;
/** Gives clients only a second. */
let impatientServer: RunningServer;

beforeAll(async () => {
  postgres = await startPostgres();
  const environment = { DATABASE_URL: postgres.url, RATE_LIMIT_PER_MINUTE: '0' };
  expect((await runProgram('migrate.js', ['latest'], environment)).exitCode).toBe(0);
  [server, impatientServer] = await Promise.all([
    startServer(environment),
    startServer({ ...environment, REQUEST_TIMEOUT_SECONDS: '1' }),
  ]);
  await until('it is ready', async () => (await fetch(`${server.url}/ready`)).ok);
});

afterAll(async () => {
  const endings = await Promise.all([server.stop(), impatientServer.stop()]);
  await postgres.stop();
  expect(
    endings.map(({ exitCode }) => exitCode),
    [...server.log, ...impatientServer.log].slice(-5).join('\n'),
  ).toEqual([0, 0]);
});

function post(path: string, body: string | Uint8Array<ArrayBuffer>): Promise<Response> {
  return fetch(server.url + path, { method: 'POST', headers: JSON_TYPE, body });
}

/** Opens a connection to the server that has little patience. */
function open(): Socket {
  const socket = connect(impatientServer.port, '127.0.0.1');
  // The server cuts some of these connections off, which is what is tested.
  socket.on('error', () => undefined);
  return socket;
}

async function memoryOf({ url }: RunningServer): Promise<number> {
  return (await readMetric(url, 'process_resident_memory_bytes')) / 2 ** 20;
}

/** The server works, has nothing left to do, and its memory is what it was. */
async function expectUnharmed(tested: RunningServer, memoryBefore: number): Promise<void> {
  const { url } = tested;
  expect((await fetch(`${url}/items`)).status).toBe(200);
  // One is this question itself.
  await until('nothing is in flight', async () => (await readMetric(url, 'http_requests_in_flight')) === 1);
  expect((await memoryOf(tested)) - memoryBefore).toBeLessThan(SLACK_MEBIBYTES);
}

describe('bodies that are too much', () => {
  it.each<[string, string, () => string | Uint8Array<ArrayBuffer>, number]>([
    ['10 MB', '/items', () => 'x'.repeat(10_000_000), 413],
    ['10 MB', '/predict', () => 'x'.repeat(10_000_000), 413],
    ['10,000 nested arrays', '/predict', () => `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 422],
    ['10,000 nested objects', '/predict', () => `${'{"text":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 422],
    ['invalid UTF-8', '/predict', () => Buffer.from([0x22, 0xff, 0xfe, 0x22]), 400],
    ['a million words', '/predict', () => JSON.stringify({ text: 'good tea '.repeat(500_000) }), 413],
    [
      'a text as long as a body may be',
      '/predict',
      () => JSON.stringify({ text: 'a '.repeat(250_000) }),
      422,
    ],
  ])('%s to %s', async (_name, path, body, status) => {
    const before = await memoryOf(server);
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(path, body())));
    for (const answer of answers) {
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      await answer.text();
    }
    await expectUnharmed(server, before);
  });
});

describe('slow clients', () => {
  /** Sends one character every fifth of a second, and returns what comes back until the server ends the connection. */
  async function sendSlowly(start: string, rest: string): Promise<string> {
    const socket = open();
    const answer = text(socket);
    socket.write(start);
    const ended = new AbortController();
    socket.once('close', () => ended.abort());
    try {
      let index = 0;
      for await (const _ of every(200, undefined, { signal: ended.signal }))
        socket.write(rest[index++ % rest.length] ?? '');
    } catch (error) {
      if (!ended.signal.aborted) throw error;
    }
    return answer;
  }

  it.each([
    ['the headers', 'GET / HTTP/1.1\r\n', 'X-Slow: 1'],
    [
      'the body',
      'POST /items HTTP/1.1\r\nHost: app\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{',
      ' ',
    ],
  ])('who sends %s byte by byte gets 408 when the time is over', async (_name, start, rest) => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => sendSlowly(start, rest)));
    for (const answer of answers) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
      expect(answer).toContain('application/problem+json');
      expect(answer).toMatch(/\r\nConnection: close\r\n/i);
    }
    await expectUnharmed(impatientServer, await memoryOf(impatientServer));
  });

  it('who asks on and on and takes no answer is cut off', async () => {
    const before = await memoryOf(impatientServer);
    const socket = open();
    socket.pause();
    socket.write('GET /openapi.json HTTP/1.1\r\nHost: app\r\n\r\n'.repeat(5_000));
    await until('the server has ended the connection', async () => {
      // A socket that reads nothing does not see the end; what it writes then fails.
      socket.write('\r\n');
      return socket.destroyed;
    });
    await expectUnharmed(impatientServer, before);
  });
});

it(`${IDLE_CONNECTIONS} idle connections leave room for others, and nothing behind`, async () => {
  const before = await memoryOf(impatientServer);
  const filesBefore = await readMetric(impatientServer.url, 'process_open_fds');
  const silent: Socket[] = [];
  const kept: Socket[] = [];
  while (kept.length + silent.length < IDLE_CONNECTIONS) {
    silent.push(...Array.from({ length: WAVE / 2 }, open));
    const wave = Array.from({ length: WAVE / 2 }, open);
    for (const socket of wave) socket.write('GET /health HTTP/1.1\r\nHost: app\r\n\r\n');
    await Promise.all(wave.map((socket) => once(socket, 'data')));
    kept.push(...wave);
  }
  expect((await fetch(impatientServer.url)).status).toBe(200);
  expect((await fetch(`${impatientServer.url}/items`)).status).toBe(200);
  for (const socket of silent) socket.resume();
  await until('those that say nothing are cut off', async () => silent.every(({ closed }) => closed));
  expect(kept.filter(({ closed }) => closed)).toHaveLength(0);
  for (const socket of kept) socket.destroy();
  await until('their files are closed', async () => {
    return (await readMetric(impatientServer.url, 'process_open_fds')) < filesBefore + 50;
  });
  await expectUnharmed(impatientServer, before);
});

it('the database killed and started again under load: 503 meanwhile, nothing else, and all is well again', async () => {
  const before = await memoryOf(server);
  const seen = { items: new Set<number>(), health: new Set<number>() };
  let isLoading = true;
  async function keepAsking(ask: () => Promise<Response>, statuses: Set<number>): Promise<void> {
    while (isLoading) {
      const { status, body } = await ask();
      statuses.add(status);
      await body?.cancel();
    }
  }
  const load = Promise.all([
    ...Array.from({ length: 8 }, () => keepAsking(() => fetch(`${server.url}/items`), seen.items)),
    ...Array.from({ length: 8 }, () => keepAsking(() => post('/items', '{"name":"under load"}'), seen.items)),
    keepAsking(() => fetch(`${server.url}/health`), seen.health),
  ]);
  await until('items are listed and stored', async () => seen.items.has(200) && seen.items.has(201));
  await postgres.crash();
  await until('the outage is told', async () => seen.items.has(503));
  expect((await fetch(`${server.url}/ready`)).status).toBe(503);
  await postgres.restart();
  await until('it is ready again', async () => (await fetch(`${server.url}/ready`)).ok);
  seen.items.delete(200);
  await until('items are listed again', async () => seen.items.has(200));
  isLoading = false;
  await load;

  expect([...seen.items].sort()).toEqual([200, 201, 503]);
  expect([...seen.health]).toEqual([200]);
  expect(await readMetric(server.url, 'database_pool_waiting')).toBe(0);
  expect(await readMetric(server.url, 'database_pool_connections{state="used"}')).toBe(0);
  expect(await readMetric(server.url, 'database_pool_connections{state="idle"}')).toBeLessThanOrEqual(10);
  await expectUnharmed(server, before);
});
