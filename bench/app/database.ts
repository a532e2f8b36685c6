import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { startPostgres } from '../../example-app/test/support/postgres.ts';
import { exampleApp } from './processes.ts';

const ITEMS = 100;

/** A PostgreSQL server with the app's tables. */
export interface BenchDatabase {
  readonly url: string;
  /** Leaves just the hundred items that the list is measured on. */
  refill(): Promise<void>;
  stop(): Promise<void>;
}

interface Client {
  connect(): Promise<void>;
  query(sql: string): Promise<unknown>;
  end(): Promise<void>;
}

/** Starts the server and applies the app's real migrations. */
export async function startDatabase(): Promise<BenchDatabase> {
  const server = await startPostgres();
  execFileSync(process.execPath, [join(exampleApp, 'dist/migrate.js'), 'latest'], {
    env: { DATABASE_URL: server.url },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return {
    url: server.url,
    refill: () =>
      query(
        server.url,
        `truncate item; insert into item (name, description)
         select 'item ' || n, 'what there is to say of item ' || n from generate_series(1, ${ITEMS}) n; analyze item`,
      ),
    stop: () => server.stop(),
  };
}

async function query(url: string, sql: string): Promise<void> {
  // The app's own copy of pg: this repository's root has none.
  const pg = createRequire(join(exampleApp, 'package.json'))('pg') as {
    Client: new (options: { connectionString: string }) => Client;
  };
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
