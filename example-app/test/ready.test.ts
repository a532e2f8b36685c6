import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Readiness } from '../src/ready/readiness.ts';
import { createEmptyDatabase, migrate, type TestDatabase } from './support/databases.ts';
import { type RunningApp, startApp } from './support/running-app.ts';
import { createTcpGate, type TcpGate } from './support/tcp-gate.ts';
import { until } from './support/until.ts';

const ok = () => ({ ok: true });

describe('GET /ready', () => {
  let database: TestDatabase;
  let gate: TcpGate;
  let app: RunningApp;

  beforeAll(async () => {
    database = await createEmptyDatabase();
    const url = new URL(database.url);
    gate = await createTcpGate({ host: url.hostname, port: Number(url.port) });
    url.port = String(gate.port);
    app = await startApp(url.href);
    await until('the model is loaded', async () => (await ask()).body.checks['model']?.ok === true);
  });

  afterAll(async () => {
    await app.stop();
    await gate.shut();
    await database.drop();
  });

  async function ask() {
    const response = await app.get('/ready');
    const body = (await response.json()) as {
      ready: boolean;
      stopping: boolean;
      checks: Record<string, { ok: boolean; detail?: string }>;
    };
    return { status: response.status, retryAfter: response.headers.get('retry-after'), body };
  }

  it('turns from 503 to 200 as the database comes and is migrated, and says what is missing meanwhile', async () => {
    const away = { ok: false, detail: 'the database is unavailable' };
    expect(await ask()).toEqual({
      status: 503,
      retryAfter: '2',
      body: { ready: false, stopping: false, checks: { database: away, migrations: away, model: ok() } },
    });

    await gate.open();
    const notMigrated = await ask();
    expect(notMigrated.status).toBe(503);
    expect(notMigrated.body.checks).toEqual({
      database: ok(),
      migrations: {
        ok: false,
        detail: expect.stringMatching(/^pending: 2026_11_20_09_00_00_create_item, 2026_/),
      },
      model: ok(),
    });

    await migrate(database, (migrator) => migrator.migrateToLatest());
    expect(await ask()).toEqual({
      status: 200,
      retryAfter: null,
      body: {
        ready: true,
        stopping: false,
        checks: { database: ok(), migrations: ok(), model: ok() },
      },
    });

    await migrate(database, (migrator) => migrator.migrateDown());
    expect((await ask()).body.checks['migrations']).toEqual({
      ok: false,
      detail: 'pending: 2026_11_23_07_00_00_refuse_blank_item_names',
    });
    await migrate(database, (migrator) => migrator.migrateToLatest());
    await gate.shut();
    expect((await ask()).status).toBe(503);
    await gate.open();
    expect((await ask()).status).toBe(200);
  });

  it('is 200 for a release that is older than the database', async () => {
    await migrate(database, (migrator) => migrator.migrateToLatest());
    await database.query(
      "insert into kysely_migration (name, timestamp) values ('2999_01_01_00_00_00_of_a_newer_release', '')",
    );
    expect((await ask()).status).toBe(200);
    await database.query("delete from kysely_migration where name like '2999%'");
  });

  it('is 503 when the database does not answer in time, sooner than a query would give up', async () => {
    await migrate(database, (migrator) => migrator.migrateToLatest());
    const blocker = await database.connect();
    await blocker.query('begin; lock table kysely_migration in access exclusive mode');
    const late = await ask();
    await blocker.end();
    expect(late.status).toBe(503);
    expect(late.body.checks).toEqual({
      database: ok(),
      migrations: { ok: false, detail: 'did not answer in time' },
      model: ok(),
    });
  });
});

describe('Readiness', () => {
  it('is not ready for good once it was stopped', async () => {
    const readiness = new Readiness({ database: ok, migrations: ok, model: ok });
    expect(await readiness.check()).toMatchObject({ ready: true, stopping: false });
    readiness.stop();
    expect(await readiness.check()).toMatchObject({ ready: false, stopping: true });
  });

  it('takes a check that throws for one that failed, and tells nobody why', async () => {
    const database = () => Promise.reject(new Error('password of 10.0.0.1'));
    const report = await new Readiness({ database, migrations: ok, model: ok }).check();
    expect(report).toEqual({
      ready: false,
      stopping: false,
      checks: { database: { ok: false, detail: 'could not be asked' }, migrations: ok(), model: ok() },
    });
  });

  it('asks once for everybody who asks at the same time, and again afterwards', async () => {
    let asked = 0;
    const database = async () => {
      asked += 1;
      return { ok: true };
    };
    const readiness = new Readiness({ database, migrations: ok, model: ok });
    await Promise.all([readiness.check(), readiness.check(), readiness.check()]);
    expect(asked).toBe(1);
    await readiness.check();
    expect(asked).toBe(2);
  });

  it('says which check did not answer in time', async () => {
    const never = () => new Promise<never>(() => {});
    const readiness = new Readiness(
      { database: never, migrations: ok, model: ok },
      { timeoutMilliseconds: 10 },
    );
    expect((await readiness.check()).checks.database).toEqual({
      ok: false,
      detail: 'did not answer in time',
    });
  });
});
