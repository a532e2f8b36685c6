import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmptyDatabase, createMigratedDatabase, type TestDatabase } from './support/databases.ts';
import { type RunningApp, startApp } from './support/running-app.ts';
import { createTcpGate, type TcpGate } from './support/tcp-gate.ts';

async function expectUnavailable(response: Response, hidden: string[]): Promise<void> {
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('2');
  const body = await response.text();
  expect(JSON.parse(body)).toEqual({
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    detail: 'The database is unavailable at the moment. Try again later.',
  });
  for (const text of hidden) expect(body).not.toContain(text);
}

describe('while the database is away', () => {
  let database: TestDatabase;
  let gate: TcpGate;
  let app: RunningApp;
  let hidden: string[];

  beforeAll(async () => {
    database = await createMigratedDatabase();
    const url = new URL(database.url);
    hidden = [url.password, url.pathname.slice(1)];
    gate = await createTcpGate({ host: url.hostname, port: Number(url.port) });
    url.port = String(gate.port);
    app = await startApp(url.href);
  });

  afterAll(async () => {
    await app.stop();
    await gate.shut();
    await database.drop();
  });

  it('the app starts, and what needs no database answers', async () => {
    expect((await app.get('/health')).status).toBe(200);
    expect((await app.get('/')).status).toBe(200);
    expect((await app.get('/metrics')).status).toBe(200);
  });

  it('what needs it answers 503, a bad request still 4xx', async () => {
    await expectUnavailable(await app.get('/items'), hidden);
    await expectUnavailable(await app.post('/items', { name: 'Tea' }), hidden);
    expect((await app.post('/items', {})).status).toBe(422);
  });

  it('it works as soon as the database is there, and again after it went and came back', async () => {
    for (const name of ['first', 'second']) {
      await gate.open();
      expect((await app.post('/items', { name })).status).toBe(201);
      await gate.shut();
      await expectUnavailable(await app.get('/items'), hidden);
      expect((await app.get('/health')).status).toBe(200);
    }
    await gate.open();
    expect((await app.get('/items')).status).toBe(200);
  });
});

describe('503 also when the server answers, but cannot serve', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createEmptyDatabase();
  });

  afterAll(() => database.drop());

  it.each<[string, (url: URL) => void]>([
    ['a wrong password', (url) => Object.assign(url, { password: 'wrong' })],
    ['a database that does not exist', (url) => Object.assign(url, { pathname: '/nowhere' })],
    ['a database that was never migrated', () => undefined],
  ])('%s', async (_name, change) => {
    const url = new URL(database.url);
    change(url);
    const app = await startApp(url.href);
    try {
      await expectUnavailable(await app.get('/items'), [url.password]);
    } finally {
      await app.stop();
    }
  });
});

it('503 when every connection of the pool is busy, and health answers meanwhile', async () => {
  const database = await createMigratedDatabase();
  const app = await startApp(database.url);
  const blocker = await database.connect();
  try {
    await blocker.query('begin; lock table item in access exclusive mode');
    const answers = Promise.all(Array.from({ length: 5 }, () => app.get('/items')));
    expect((await app.get('/health')).status).toBe(200);
    // Four wait for the table until the statement's time is up, the fifth for a connection.
    for (const answer of await answers) await expectUnavailable(answer, []);
    await blocker.query('commit');
    expect((await app.get('/items')).status).toBe(200);
  } finally {
    await blocker.end();
    await app.stop();
    await database.drop();
  }
});
