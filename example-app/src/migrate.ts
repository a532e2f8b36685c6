import { Kysely, PostgresDialect } from 'kysely';
import type { MigrationResultSet, Migrator } from 'kysely/migration';
import pg from 'pg';
import { readDatabaseUrl } from './config.ts';
import { createMigrator } from './migrator.ts';
import { describeError } from './util/describe-error.ts';

const USAGE = `usage: migrate [latest | down | status]
  latest  apply every migration that is pending (the default)
  down    undo the newest applied migration
  status  list the migrations, change nothing`;

const CONNECT_MILLISECONDS = 10_000;
/** A migration that cannot get its table gives up: while it waits, every query on the table waits behind it. */
const LOCK_MILLISECONDS = 5_000;

const COMMANDS: Readonly<Record<string, (migrator: Migrator) => Promise<void>>> = {
  latest: async (migrator) => report(await migrator.migrateToLatest(), 'applied'),
  down: async (migrator) => report(await migrator.migrateDown(), 'undone'),
  status: printStatus,
};

async function printStatus(migrator: Migrator): Promise<void> {
  for (const { name, executedAt } of await migrator.getMigrations()) {
    console.log(executedAt ? `applied  ${name}  ${executedAt.toISOString()}` : `pending  ${name}`);
  }
}

function report({ error, results = [] }: MigrationResultSet, done: string): void {
  for (const { migrationName, status } of results) {
    // All run in one transaction: one failure undoes them all.
    if (status === 'Error') console.error(`failed   ${migrationName}`);
    if (status === 'Success' && !error) console.log(`${done}  ${migrationName}`);
  }
  if (error) throw error;
  if (results.length === 0) console.log('nothing to do');
}

function connect(): Kysely<unknown> {
  const pool = new pg.Pool({
    connectionString: readDatabaseUrl(process.env),
    application_name: 'example-app migrate',
    max: 2,
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    lock_timeout: LOCK_MILLISECONDS,
  });
  pool.on('error', (error) => console.error(describeError(error)));
  return new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
}

/** Runs the command and returns the exit code. */
async function main(name = 'latest', ...rest: string[]): Promise<number> {
  const command = COMMANDS[name];
  if (!command || rest.length > 0) {
    console.error(USAGE);
    return 2;
  }
  let database: Kysely<unknown> | undefined;
  try {
    database = connect();
    await command(createMigrator(database));
    return 0;
  } catch (error) {
    console.error(`migrate ${name} failed: ${describeError(error)}`);
    return 1;
  } finally {
    await database?.destroy();
  }
}

process.exitCode = await main(...process.argv.slice(2));
