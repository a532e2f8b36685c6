import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMigratedDatabase, type TestDatabase } from './support/databases.ts';
import { type RunningApp, startApp } from './support/running-app.ts';

let database: TestDatabase;
let app: RunningApp;

beforeAll(async () => {
  database = await createMigratedDatabase();
  app = await startApp(database.url);
});

afterAll(async () => {
  const stored = await database.query('select name from item');
  await app.stop();
  await database.drop();
  expect(stored, 'nothing that was refused is stored').toEqual([]);
});

async function expectProblem(response: Response, status: number): Promise<Record<string, unknown>> {
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await response.json()) as Record<string, unknown>;
  expect(problem).toMatchObject({ type: 'about:blank', title: expect.any(String), status });
  return problem;
}

function send(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = { 'Content-Type': 'application/json' },
) {
  return fetch(`${app.url}/items`, { method: 'POST', headers, body });
}

describe('a body of the wrong form is refused with 422 and the field', () => {
  it.each<[unknown, string | undefined, string]>([
    [{}, 'name', 'is required'],
    [{ name: 5 }, 'name', 'must be string'],
    [{ name: null }, 'name', 'must be string'],
    [{ name: ['Tea'] }, 'name', 'must be string'],
    [{ name: '' }, 'name', 'must be text that is not blank, without NUL or unpaired surrogates'],
    [{ name: ' \t' }, 'name', 'must be text that is not blank, without NUL or unpaired surrogates'],
    [{ name: 'x'.repeat(201) }, 'name', 'must NOT have more than 200 characters'],
    [{ name: 'a\u0000b' }, 'name', 'must be text that is not blank, without NUL or unpaired surrogates'],
    [{ name: 'a\ud800b' }, 'name', 'must be text that is not blank, without NUL or unpaired surrogates'],
    [{ name: 'Tea', description: 7 }, 'description', 'must be string or null'],
    [
      { name: 'Tea', description: 'x'.repeat(2001) },
      'description',
      'must NOT have more than 2000 characters',
    ],
    [
      { name: 'Tea', description: '\u0000' },
      'description',
      'must be text without NUL or unpaired surrogates',
    ],
    [{ name: 'Tea', price: 5 }, 'price', 'is not a known field'],
    [{ name: 'Tea', id: 5 }, 'id', 'is not a known field'],
    [{ name: 'Tea', 'a/b~c': 5 }, 'a/b~c', 'is not a known field'],
    [[{ name: 'Tea' }], undefined, 'must be object'],
    ['Tea', undefined, 'must be object'],
    [null, undefined, 'must be object'],
  ])('%j', async (body, field, detail) => {
    const problem = await expectProblem(await app.post('/items', body), 422);
    expect(problem['errors']).toEqual([{ ...(field && { field }), detail }]);
  });

  it('{"__proto__": …}', async () => {
    const problem = await expectProblem(await send('{"name":"Tea","__proto__":{"admin":true}}'), 422);
    expect(problem['errors']).toEqual([{ field: '__proto__', detail: 'is not a known field' }]);
  });

  it('and at most ten fields are named', async () => {
    const fields = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`field${index}`, 1]));
    const problem = await expectProblem(await app.post('/items', { name: 'Tea', ...fields }), 422);
    expect(problem['errors']).toHaveLength(10);
  });
});

describe('a body that cannot be read is refused', () => {
  it.each(['{', '{"name":"Tea"} trailing', "{'name':'Tea'}", 'name=Tea', '['.repeat(10_000)])(
    '400: %.30s',
    async (body) => {
      const problem = await expectProblem(await send(body), 400);
      expect(problem['detail']).toBe('The body is not valid JSON.');
    },
  );

  it('400: invalid UTF-8', async () => {
    const body = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const problem = await expectProblem(await send(body), 400);
    expect(problem['detail']).toBe('The body is not valid UTF-8.');
  });

  it('400: no body', async () => {
    const response = await fetch(`${app.url}/items`, { method: 'POST' });
    const problem = await expectProblem(response, 400);
    expect(problem['detail']).toBe('The request has no body. Send a JSON object.');
  });

  it.each<[string, Record<string, string>]>([
    ['text', { 'Content-Type': 'text/plain' }],
    ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['UTF-16', { 'Content-Type': 'application/json; charset=utf-16' }],
    ['compressed', { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }],
  ])('415: %s', async (_name, headers) => {
    await expectProblem(await send('{"name":"Tea"}', headers), 415);
  });

  it('413: one byte more than the limit', async () => {
    const padding = ' '.repeat(16 * 1024 + 1 - '{"name":""}'.length);
    const problem = await expectProblem(await send(`{"name":""}${padding}`), 413);
    expect(problem['detail']).toBe('The body must be at most 16384 bytes long.');
  });

  it('413: 10 MB, announced', async () => {
    await expectProblem(await send('x'.repeat(10_000_000)), 413);
  });

  it('413: 10 MB in chunks of unknown total', async () => {
    const chunk = new Uint8Array(100_000);
    const body = ReadableStream.from(Array.from({ length: 100 }, () => chunk));
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body, duplex: 'half' };
    await expectProblem(await fetch(`${app.url}/items`, init as RequestInit), 413);
  });
});

it.each([
  ['of announced length', 'Content-Length: 10000000\r\n', ''],
  // 989680 is 10,000,000 in hexadecimal, as chunks state their size.
  ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n989680', '\r\n0\r\n\r\n'],
])('who sends 10 MB %s to the end gets the 413 and the next answer', async (_name, start, end) => {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  const answers = text(socket);
  socket.write(`POST /items HTTP/1.1\r\nHost: app\r\nContent-Type: application/json\r\n${start}\r\n`);
  socket.write(Buffer.alloc(10_000_000));
  socket.write(`${end}GET /health HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n`);
  expect((await answers).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
});

describe('a request for what there is not is refused', () => {
  it('404 for an unknown path', async () => {
    const problem = await expectProblem(await app.get('/nothing'), 404);
    expect(problem['detail']).toBe('There is nothing at /nothing.');
  });

  it('405 with the allowed methods for an unknown method', async () => {
    const response = await fetch(`${app.url}/items`, { method: 'PUT', body: '{}' });
    expect(response.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'HEAD', 'POST']);
    await expectProblem(response, 405);
  });

  it.each(['/%', '/%ff', '/items/%00', '//', '/items?%'])(
    '4xx or a page, never 5xx, for %s',
    async (path) => {
      expect((await app.get(path)).status).toBeLessThan(500);
    },
  );
});
