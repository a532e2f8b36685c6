import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEmptyDatabase, type TestDatabase } from './support/databases.ts';
import { runProgram } from './support/programs.ts';
import { startServer } from './support/server-process.ts';

// What `npm run dev` and `npm run migrate` start, with nothing built. The other tests start the bundle.
let database: TestDatabase;

beforeAll(async () => {
  database = await createEmptyDatabase();
});

afterAll(() => database.drop());

it('the sources migrate, serve, and end with 0 when they are told to', async () => {
  const environment = { DATABASE_URL: database.url };
  const migrated = await runProgram('../src/migrate.ts', ['latest'], environment);
  expect(migrated).toMatchObject({ exitCode: 0, errors: '' });

  const server = await startServer(environment, '../src/server.ts');
  try {
    expect((await fetch(`${server.url}/items`)).status).toBe(200);
    expect((await server.stop()).exitCode).toBe(0);
  } finally {
    server.program.kill('SIGKILL');
  }
});
