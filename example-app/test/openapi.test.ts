import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Paths } from '../src/openapi/operation.ts';
import { createMigratedDatabase, type TestDatabase } from './support/databases.ts';
import { description, requireDescribed } from './support/described-answers.ts';
import { type RunningApp, startApp } from './support/running-app.ts';

let database: TestDatabase;
let app: RunningApp;

beforeAll(async () => {
  database = await createMigratedDatabase();
  app = await startApp(database.url);
});

afterAll(async () => {
  await app.stop();
  await database.drop();
});

it('GET /openapi.json is the description, with the version of the app', async () => {
  const response = await app.get('/openapi.json');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(await response.json()).toEqual(JSON.parse(JSON.stringify(description)));
});

it('is valid OpenAPI 3.1', async () => {
  const document = (await (await app.get('/openapi.json')).json()) as Record<string, unknown>;
  const validator = new Validator();
  expect(await validator.validate(document)).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
});

it('has every route of the app, and nothing else', () => {
  const routed = app.router.stack.flatMap(({ path, methods }) =>
    methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${path}`),
  );
  const described = Object.entries(description.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map(
      (method) => `${method.toUpperCase()} ${path.replaceAll('{', ':').replaceAll('}', '')}`,
    ),
  );
  expect(described.sort()).toEqual(routed.sort());
});

it('names every operation once', () => {
  const ids = Object.values(description.paths).flatMap((operations) =>
    Object.values(operations).map(({ operationId }) => operationId),
  );
  expect(ids).toEqual([...new Set(ids)]);
});

it('marks exactly the operations that need the API key', async () => {
  const guarded = await startApp(database.url, { apiKey: 'a-key-of-this-test-only' });
  for (const [path, operations] of Object.entries(description.paths as Paths)) {
    for (const [method, { security }] of Object.entries(operations)) {
      const url = guarded.url + path.replace('{id}', '1');
      const { status } = await fetch(url, { method: method.toUpperCase() });
      expect({ method, path, refused: status === 401 }).toEqual({
        method,
        path,
        refused: security !== undefined,
      });
    }
  }
  await guarded.stop();
});

it.each([
  ['a status', { status: 418 }],
  ['a content type', { contentType: 'text/html' }],
  ['a field', { body: '{"status":"ok","more":1}' }],
  ['a path', { path: '/nothing' }],
])('the tests notice %s that is not described', (_name, change) => {
  const answer = {
    method: 'GET',
    path: '/health',
    status: 200,
    contentType: 'application/json; charset=utf-8',
    body: '{"status":"ok"}',
  };
  expect(() => requireDescribed(answer)).not.toThrow();
  expect(() => requireDescribed({ ...answer, ...change })).toThrow('not as described');
});
