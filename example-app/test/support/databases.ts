import { randomUUID } from 'node:crypto';
import type { MigrationResultSet, Migrator } from 'kysely/migration';
import pg from 'pg';
import { inject } from 'vitest';
import { createDatabase } from '../../src/database.ts';
import { createLogger } from '../../src/logger.ts';
import { createMigrator } from '../../src/migrator.ts';

export const silentLogger = createLogger({ logLevel: 'silent', version: 'test', release: null });

/** A database of one test file's own. */
export interface TestDatabase {
  readonly url: string;
  /** Runs SQL beside the app, as an administrator would. */
  query(sql: string, parameters?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Another connection, for a test that must hold one. */
  connect(): Promise<pg.Client>;
  drop(): Promise<void>;
}

/** Creates an empty database. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  // The other strategy, of the write-ahead log, takes four times as long where nothing is made to last.
  await runOnServer(`create database ${name} strategy file_copy`);
  const url = new URL(inject('postgresUrl'));
  url.pathname = name;
  const client = await connect(url.href);
  return {
    url: url.href,
    query: async (sql, parameters) => (await client.query(sql, parameters)).rows,
    connect: () => connect(url.href),
    drop: async () => {
      await client.end();
      await runOnServer(`drop database ${name} with (force)`);
    },
  };
}

/** Creates a database with the app's tables, by the real migrations. */
export async function createMigratedDatabase(): Promise<TestDatabase> {
  const database = await createEmptyDatabase();
  await migrate(database, (migrator) => migrator.migrateToLatest());
  return database;
}

/** Runs the real migrations, in this process. @throws the error of the one that failed */
export async function migrate(
  { url }: TestDatabase,
  command: (migrator: Migrator) => Promise<MigrationResultSet>,
): Promise<void> {
  const kysely = createDatabase({ url, poolSize: 1, logger: silentLogger });
  const { error } = await command(createMigrator(kysely));
  await kysely.destroy();
  if (error) throw error;
}

async function runOnServer(sql: string): Promise<void> {
  const client = await connect(inject('postgresUrl'));
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}
