import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { ItemTable } from './items/item.table.ts';
import type { Logger } from './logger.ts';
import type { PoolStatus } from './metrics.ts';
import { NamedErrorPool } from './util/named-error-pool.ts';

/** The tables, as the migrations leave them. */
export interface Database {
  item: ItemTable;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly poolSize: number;
  readonly logger: Logger;
  /** Given the pool, to look at its numbers. */
  readonly watch?: (pool: PoolStatus) => void;
}

/** How long a request waits for a connection, new or from the pool. */
const CONNECT_MILLISECONDS = 3_000;
/** The server ends a statement after this time, so that a slow query cannot hold its connection. */
const STATEMENT_MILLISECONDS = 5_000;
/** The client gives up a little later, for a server that no longer answers at all. */
const QUERY_MILLISECONDS = 6_000;
const IDLE_MILLISECONDS = 30_000;
/** Connections are renewed, so that a failed-over or resized database gets its clients back. */
const LIFETIME_SECONDS = 30 * 60;

/**
 * Makes the app's door to PostgreSQL. Nothing is connected before the first query.
 * Queries throw DatabaseUnavailableError when the server cannot be reached or cannot work.
 */
export function createDatabase(options: DatabaseOptions): Kysely<Database> {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: 'example-app',
    max: options.poolSize,
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    statement_timeout: STATEMENT_MILLISECONDS,
    query_timeout: QUERY_MILLISECONDS,
    idle_in_transaction_session_timeout: STATEMENT_MILLISECONDS,
    idleTimeoutMillis: IDLE_MILLISECONDS,
    maxLifetimeSeconds: LIFETIME_SECONDS,
    keepAlive: true,
    types: { getTypeParser },
  });
  options.watch?.(pool);
  // Without listeners, the loss of a connection would end the process: idle ones are the pool's, those in use their own.
  const warn = (error: Error) => options.logger.warn({ error: error.message }, 'lost a database connection');
  pool.on('error', warn);
  pool.on('connect', (client) => client.on('error', warn));
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool: new NamedErrorPool(pool) }) });
}

/** Types that are read otherwise than pg does by itself. */
const PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.INT8, parseBigint],
  [pg.types.builtins.TIMESTAMPTZ, parseTime],
]);

const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  (format !== 'binary' && PARSERS.get(oid)) || pg.types.getTypeParser(oid, format);

/** Reads bigint as number, which pg by itself returns as text; our ids stay far below 2^53. */
function parseBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit into a number`);
  return value;
}

const UTC_TIME = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00$/;

/** Reads a time as ISO 8601 text in UTC, which is what the API shows; most servers speak UTC, which needs no Date. */
function parseTime(text: string): string {
  const [, date, time] = UTC_TIME.exec(text) ?? [];
  return date === undefined ? new Date(text).toISOString() : `${date}T${time}Z`;
}
