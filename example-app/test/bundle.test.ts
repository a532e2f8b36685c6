import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEmptyDatabase, type TestDatabase } from './support/databases.ts';
import { runProgram } from './support/programs.ts';
import { type RunningServer, startServer } from './support/server-process.ts';
import { until } from './support/until.ts';

// With the options that the image starts with.
const root = path.resolve(import.meta.dirname, '..');
const dockerfile = readFileSync(path.join(root, 'Dockerfile'), 'utf8');
const [, NODE_OPTIONS = ''] = /^ENV .*NODE_OPTIONS=(\S+)/m.exec(dockerfile) ?? [];

let database: TestDatabase;
let server: RunningServer;

beforeAll(async () => {
  database = await createEmptyDatabase();
  server = await startServer({ DATABASE_URL: database.url, NODE_OPTIONS });
});

afterAll(async () => {
  server.program.kill('SIGKILL');
  await database.drop();
});

it('an error in the log names the source where it occurred', async () => {
  const requestId = 'of-a-table-that-is-not-there';
  await fetch(`${server.url}/items`, { headers: { 'X-Request-Id': requestId } });
  const logged = () => server.log.find((line) => line.includes(requestId) && line.includes('stack'));
  await until('the error is in the log', async () => logged() !== undefined);
  const { err } = JSON.parse(logged() ?? '');
  expect(err.stack).toMatch(/src\/util\/named-error-pool\.ts:\d+:\d+/);
});

it('it migrates, and is ready with the model and the migrations', async () => {
  const migrated = await runProgram('migrate.js', ['latest'], { DATABASE_URL: database.url });
  expect(migrated).toMatchObject({ exitCode: 0, errors: '' });
  expect(migrated.output).toMatch(/^applied {2}2026_11_20_09_00_00_create_item\n/);
  await until('it is ready', async () => (await fetch(`${server.url}/ready`)).ok);
  expect((await fetch(`${server.url}/items`)).status).toBe(200);
});

it('its health check finds it', async () => {
  const { port } = server;
  expect(await runProgram('healthcheck.js', [], { PORT: String(port) })).toMatchObject({
    exitCode: 0,
  });
});

it('it ends with 0 when it is told to', async () => {
  expect((await server.stop()).exitCode).toBe(0);
});
