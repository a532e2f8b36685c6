import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMigratedDatabase, type TestDatabase } from './support/databases.ts';
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

it('GET / says what runs', async () => {
  const response = await app.get('/');
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ name: 'example-app', version: '1.2.3', release: 'r42' });
});

it('GET /health answers 200', async () => {
  const response = await app.get('/health');
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ok' });
});

it('HEAD is answered like GET, without a body', async () => {
  const response = await fetch(`${app.url}/health`, { method: 'HEAD' });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('');
});

it('GET /metrics shows the build and the process', async () => {
  const metrics = await (await app.get('/metrics')).text();
  expect(metrics).toContain('app_info{version="1.2.3",release="r42"} 1');
  expect(metrics).toMatch(/^process_resident_memory_bytes \d+$/m);
});

it('GET /metrics counts requests by route and status, and unknown paths as one', async () => {
  await app.get('/items?limit=5');
  await app.get('/nothing/1');
  await app.get('/nothing/2');
  await app.post('/items', {});
  const metrics = await (await app.get('/metrics')).text();
  expect(metrics).toContain('http_requests_total{method="GET",route="/items",status="200"} 1');
  expect(metrics).toContain('http_requests_total{method="POST",route="/items",status="422"} 1');
  expect(metrics).toContain('http_requests_total{method="GET",route="none",status="404"} 2');
  expect(metrics).toContain('http_request_duration_seconds_count{method="GET",route="none"} 2');
  expect(metrics).toContain('http_request_duration_seconds_bucket{method="GET",route="none",le="+Inf"} 2');
  expect(metrics).not.toContain('/nothing');
});
