import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEmptyDatabase, migrate as migrateHere, type TestDatabase } from './support/databases.ts';
import { findFreePort } from './support/ports.ts';
import { type Outcome, runProgram } from './support/programs.ts';

const CREATE_ITEM = '2026_11_20_09_00_00_create_item';
const REFUSE_BLANK = '2026_11_23_07_00_00_refuse_blank_item_names';
const ALL = [CREATE_ITEM, REFUSE_BLANK];

let database: TestDatabase;

beforeEach(async () => {
  database = await createEmptyDatabase();
});

afterEach(() => database.drop());

function migrate(...args: string[]): Promise<Outcome> {
  return runProgram('migrate.js', args, { DATABASE_URL: database.url });
}

/** Without a process for each step of a test that asks for none. */
async function apply(): Promise<void> {
  await migrateHere(database, (migrator) => migrator.migrateToLatest());
}

async function undoOne(): Promise<void> {
  await migrateHere(database, (migrator) => migrator.migrateDown());
}

/** The lines that a command prints for migrations. */
function lines(word: string, names: string[]): string {
  return names.map((name) => `${word}  ${name}\n`).join('');
}

/** Every table, column, default and constraint of the app. */
async function readSchema(): Promise<unknown> {
  return await database.query(`
    select table_name as "table", column_name as "column", data_type as type, is_nullable as null, column_default as "default",
           (select array_agg(pg_get_constraintdef(oid) order by conname) from pg_constraint where conrelid = table_name::regclass) as constraints
    from information_schema.columns where table_schema = 'public' and table_name not like 'kysely%' order by 1, 2`);
}

async function itemTableExists(): Promise<boolean> {
  const [row] = await database.query(`select to_regclass('item') is not null as exists`);
  return row?.['exists'] === true;
}

it('latest applies what is pending, and a second time nothing', async () => {
  expect(await migrate()).toEqual({ exitCode: 0, output: lines('applied', ALL), errors: '' });
  expect(await itemTableExists()).toBe(true);
  expect(await migrate('latest')).toEqual({ exitCode: 0, output: 'nothing to do\n', errors: '' });
});

it('down undoes the newest one', async () => {
  await apply();
  expect(await migrate('down')).toEqual({ exitCode: 0, output: lines('undone', [REFUSE_BLANK]), errors: '' });
  expect(await itemTableExists()).toBe(true);
});

it('each way down leads back to what was there before, and up again to the same', async () => {
  const before = await readSchema();
  await apply();
  const after = await readSchema();
  for (const _ of ALL) await undoOne();
  expect(await readSchema()).toEqual(before);
  await apply();
  expect(await readSchema()).toEqual(after);
});

it('a migration that comes later takes rows that are there, whatever they hold', async () => {
  await apply();
  await undoOne();
  await database.query("insert into item (name) values (' '), ('Tea')");
  await apply();
  expect(await database.query('select name from item order by id')).toEqual([{ name: ' ' }, { name: 'Tea' }]);
  await expect(database.query("insert into item (name) values (e'\\t ')")).rejects.toThrow(
    'item_name_is_not_blank',
  );
});

it('status lists the migrations and changes nothing', async () => {
  expect((await migrate('status')).output).toBe(lines('pending', ALL));
  expect(await database.query(`select from pg_tables where schemaname = 'public'`)).toEqual([]);
  await apply();
  await undoOne();
  expect((await migrate('status')).output).toMatch(
    new RegExp(`^applied  ${CREATE_ITEM}  \\d{4}-.*Z\npending  ${REFUSE_BLANK}\n$`),
  );
});

it('four at once on an empty database: all succeed, one applies', async () => {
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => migrate('latest')));
  expect(outcomes.map(({ exitCode, errors }) => ({ exitCode, errors }))).toEqual(
    Array(4).fill({ exitCode: 0, errors: '' }),
  );
  expect(outcomes.map(({ output }) => output).sort()).toEqual([
    lines('applied', ALL),
    ...Array(3).fill('nothing to do\n'),
  ]);
  expect(await database.query('select name from kysely_migration order by 1')).toEqual(
    ALL.map((name) => ({ name })),
  );
});

it('a migration that fails changes nothing and exits 1', async () => {
  await database.query('create table item (mine text)');
  const { exitCode, output, errors } = await migrate('latest');
  expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' });
  expect(errors).toContain('migrate latest failed: relation "item" already exists');
  expect(await database.query('select name from kysely_migration')).toEqual([]);
});

it('a table that is in use makes it give up instead of blocking everybody', async () => {
  await apply();
  const client = await database.connect();
  await client.query('begin; select * from item');
  const { exitCode, errors } = await migrate('down');
  await client.end();
  expect(exitCode).toBe(1);
  expect(errors).toContain('canceling statement due to lock timeout');
  expect(await itemTableExists()).toBe(true);
});

it.each([
  ['an unknown command', ['sideways']],
  ['too many arguments', ['latest', 'down']],
])('%s gets the usage and exits 2', async (_name, args) => {
  const { exitCode, errors } = await migrate(...args);
  expect(exitCode).toBe(2);
  expect(errors).toContain('usage: migrate [latest | down | status]');
});

it('a database that is away is named as the reason, without the password', async () => {
  const url = new URL(database.url);
  url.port = String(await findFreePort());
  const { exitCode, output, errors } = await runProgram('migrate.js', ['latest'], { DATABASE_URL: url.href });
  expect(exitCode).toBe(1);
  expect(errors).toMatch(/^migrate latest failed: .*ECONNREFUSED/);
  expect(output + errors).not.toContain(url.password);
});
