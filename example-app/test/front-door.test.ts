import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AppConfig } from '../src/app.ts';
import { createMigratedDatabase, type TestDatabase } from './support/databases.ts';
import { type RunningApp, startApp } from './support/running-app.ts';
import { readMetric } from './support/server-process.ts';
import { until } from './support/until.ts';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

let database: TestDatabase;
const apps: RunningApp[] = [];

beforeAll(async () => {
  database = await createMigratedDatabase();
});

afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop();
});

afterAll(() => database.drop());

async function start(settings: Partial<AppConfig> = {}): Promise<RunningApp> {
  const app = await startApp(database.url, settings);
  apps.push(app);
  return app;
}

/** Holds up every request that needs items until the returned function is called. */
async function lockItems(): Promise<() => Promise<void>> {
  const blocker = await database.connect();
  await blocker.query('begin; lock table item in access exclusive mode');
  return async () => {
    await blocker.query('rollback');
    await blocker.end();
  };
}

describe('every answer', () => {
  it.each(['/', '/health', '/nothing', '/items?limit=0'])(
    'of %s has a request id and security headers',
    async (path) => {
      const app = await start();
      const { headers } = await app.get(path);
      expect(headers.get('x-request-id')).toMatch(UUID);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-powered-by')).toBeNull();
    },
  );

  it.each(['/', '/health'])('of %s carries on a well-formed request id, and no other', async (path) => {
    const app = await start();
    const answeredId = async (id: string) =>
      (await fetch(app.url + path, { headers: { 'X-Request-Id': id } })).headers.get('x-request-id');
    expect(await answeredId('Root=1-67891233-abcdef012345678912345678')).toBe(
      'Root=1-67891233-abcdef012345678912345678',
    );
    expect(await answeredId('two words')).toMatch(UUID);
    expect(await answeredId('x'.repeat(129))).toMatch(UUID);
  });
});

describe('a client that sends too many requests', () => {
  function ask(app: RunningApp, path: string, forwardedFor?: string): Promise<Response> {
    return fetch(
      app.url + path,
      forwardedFor === undefined ? {} : { headers: { 'X-Forwarded-For': forwardedFor } },
    );
  }

  it('is told how many it has left, then gets 429 and when to come back', async () => {
    const app = await start({ rateLimitPerMinute: 2 });
    const first = await ask(app, '/');
    expect(first.status).toBe(200);
    expect(first.headers.get('ratelimit-policy')).toBe('"client";q=2;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"client";r=1;t=\d+$/);
    await ask(app, '/');
    const refused = await ask(app, '/');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(await refused.json()).toMatchObject({ status: 429, title: 'Too Many Requests' });
    expect(await readMetric(app.url, 'http_requests_refused_total{reason="rate"}')).toBe(1);
  });

  it('is still told whether the app lives', async () => {
    const app = await start({ rateLimitPerMinute: 1 });
    await until('the model is loaded', async () => (await ask(app, '/ready')).ok);
    await ask(app, '/');
    for (const path of ['/health', '/ready', '/metrics']) expect((await ask(app, path)).status).toBe(200);
    expect((await ask(app, '/')).status).toBe(429);
  });

  it('leaves the others their share: behind a proxy each client has its own', async () => {
    const app = await start({ rateLimitPerMinute: 1 });
    expect((await ask(app, '/', '203.0.113.1')).status).toBe(200);
    expect((await ask(app, '/', '203.0.113.1')).status).toBe(429);
    expect((await ask(app, '/', '203.0.113.2')).status).toBe(200);
    // What a client writes there itself comes before what the proxy adds.
    expect((await ask(app, '/', '198.51.100.7, 203.0.113.1')).status).toBe(429);
  });

  it('is never refused where there is no limit', async () => {
    const app = await start({ rateLimitPerMinute: 0 });
    const answer = await ask(app, '/');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('ratelimit')).toBeNull();
  });
});

it('more requests at once than there may be get 503 and when to come back; who watches is answered', async () => {
  const app = await start({ maxInFlight: 2 });
  await until('the model is loaded', async () => (await app.get('/ready')).ok);
  const unlock = await lockItems();
  const waiting = [app.get('/items'), app.get('/items')];
  await until('both are in flight', async () => (await readMetric(app.url, 'http_requests_in_flight')) === 3);

  const refused = await app.get('/');
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(refused.headers.get('content-type')).toBe('application/problem+json');
  for (const path of ['/health', '/ready', '/metrics']) expect((await app.get(path)).status).toBe(200);

  await unlock();
  for (const answer of await Promise.all(waiting)) expect(answer.status).toBe(200);
  expect((await app.get('/')).status).toBe(200);
  expect(await readMetric(app.url, 'http_requests_refused_total{reason="overload"}')).toBe(1);
});

it('a request whose answer takes too long gets 503', async () => {
  const app = await start({ requestTimeoutSeconds: 1 });
  const unlock = await lockItems();
  const answer = await app.get('/items');
  await unlock();
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('2');
  expect(await answer.json()).toMatchObject({ detail: 'The answer took too long. Try again later.' });
});

describe('where there is an API key', () => {
  const apiKey = 'test-key-0123456789abcdef';
  const item = { name: 'Tea' };

  function write(app: RunningApp, authorization: string | undefined): Promise<Response> {
    return fetch(`${app.url}/items`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(authorization !== undefined && { Authorization: authorization }),
      },
      body: JSON.stringify(item),
    });
  }

  it.each([undefined, '', apiKey, 'Bearer wrong', `Bearer ${apiKey}x`, `Basic ${apiKey}`])(
    'writing with %j is refused with 401 and what to send',
    async (authorization) => {
      const app = await start({ apiKey });
      const refused = await write(app, authorization);
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="example-app"');
      expect(await refused.text()).not.toContain(apiKey);
      expect((await fetch(`${app.url}/items/1`, { method: 'DELETE' })).status).toBe(401);
    },
  );

  it.each([`Bearer ${apiKey}`, `bearer  ${apiKey}`])('writing with %j is allowed', async (authorization) => {
    const app = await start({ apiKey });
    expect((await write(app, authorization)).status).toBe(201);
  });

  it('reading needs none, nor does a prediction', async () => {
    const app = await start({ apiKey });
    expect((await app.get('/items')).status).toBe(200);
    await until('the model is loaded', async () => (await app.get('/ready')).ok);
    expect((await app.post('/predict', { text: 'Good tea.' })).status).toBe(200);
  });
});
