import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import type { Database } from '../database.ts';
import { readMigrationNames } from '../migration-files.ts';
import { DatabaseUnavailableError } from '../util/named-error-pool.ts';
import type { Check, CheckResult } from './readiness.ts';

const UNAVAILABLE: CheckResult = { ok: false, detail: 'the database is unavailable' };
/** PostgreSQL's code for a table that does not exist. */
const UNDEFINED_TABLE = '42P01';

/** Asks the database for an answer, over the pool that requests use. */
export function checkDatabase(database: Kysely<Database>): Check {
  return () =>
    unlessUnavailable(async () => {
      await sql`select 1`.execute(database);
      return { ok: true };
    });
}

/**
 * Asks whether every migration of this release is applied. More are fine: after a way back, the database
 * keeps what the newer release added.
 */
export function checkMigrations(database: Kysely<Database>): Check {
  let known: Promise<string[]> | undefined;
  return () =>
    unlessUnavailable(async () => {
      known ??= readMigrationNames();
      const applied = await readAppliedMigrations(database);
      const pending = (await known).filter((name) => !applied.has(name));
      return pending.length === 0 ? { ok: true } : { ok: false, detail: `pending: ${pending.join(', ')}` };
    });
}

async function readAppliedMigrations(database: Kysely<Database>): Promise<Set<string>> {
  try {
    const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(database);
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    if (isUndefinedTable(error)) return new Set();
    throw error;
  }
}

function isUndefinedTable(error: unknown): boolean {
  return (
    error instanceof DatabaseUnavailableError &&
    error.cause instanceof pg.DatabaseError &&
    error.cause.code === UNDEFINED_TABLE
  );
}

async function unlessUnavailable(ask: () => Promise<CheckResult>): Promise<CheckResult> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) return UNAVAILABLE;
    throw error;
  }
}
