import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';

/** The database cannot be reached or cannot work at the moment; `cause` says why. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
}

/**
 * SQLSTATE classes and codes by which the server says that it, not the query, is at fault:
 * connection, authorization, resources, operator intervention (with statement timeout), no such database, not migrated.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const UNAVAILABLE_STATES = /^(08|28|53|57)|^(3D000|42P01)$/;

/** pg's pool, whose failures to reach the server have a name: pg itself throws plain errors for most of them. */
export class NamedErrorPool implements PostgresPool {
  readonly #pool: pg.Pool;
  readonly #clients = new WeakMap<pg.PoolClient, PostgresPoolClient>();

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  get options(): object {
    return this.#pool.options;
  }

  /** @throws DatabaseUnavailableError */
  async connect(): Promise<PostgresPoolClient> {
    const client = await this.#pool.connect().catch(unavailable);
    const known = this.#clients.get(client);
    if (known) return known;
    const named = withNamedErrors(client);
    this.#clients.set(client, named);
    return named;
  }

  end(): Promise<void> {
    return this.#pool.end();
  }
}

/** Statements that a connection keeps prepared. Queries of ever changing text would fill the server's memory. */
const MOST_STATEMENTS = 200;
const statementNames = new Map<string, string>();

/** A name makes the server parse and plan a statement once for each connection. One without values may be several at once. */
function nameOf(sql: string, { length }: readonly unknown[]): { name?: string } {
  if (length === 0) return {};
  const known = statementNames.get(sql);
  if (known !== undefined) return { name: known };
  if (statementNames.size >= MOST_STATEMENTS) return {};
  const name = `statement_${statementNames.size}`;
  statementNames.set(sql, name);
  return { name };
}

function withNamedErrors(client: pg.PoolClient): PostgresPoolClient {
  function query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  function query(sql: unknown, parameters: readonly unknown[] = []): unknown {
    if (typeof sql !== 'string') throw new TypeError('the dialect is configured without cursors');
    return client.query({ ...nameOf(sql, parameters), text: sql, values: [...parameters] }).catch(renamed);
  }
  return { query, release: (destroy?: boolean) => client.release(destroy) };
}

/** What the server refused passes as it is; what never got an answer was a matter of the connection. */
function renamed(error: unknown): never {
  const refused = error instanceof pg.DatabaseError && !UNAVAILABLE_STATES.test(error.code ?? '');
  if (refused || error instanceof TypeError) throw error;
  return unavailable(error);
}

function unavailable(cause: unknown): never {
  throw new DatabaseUnavailableError('the database is unavailable', { cause });
}
