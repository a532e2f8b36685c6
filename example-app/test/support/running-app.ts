import type { Router } from '@koa/router';
import { type AppConfig, createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { createDatabase } from '../../src/database.ts';
import { Metrics } from '../../src/metrics.ts';
import { checkDatabase, checkMigrations } from '../../src/ready/database.checks.ts';
import { Readiness } from '../../src/ready/readiness.ts';
import { HttpServer } from '../../src/util/http-server.ts';
import { silentLogger } from './databases.ts';

/** The app, served over HTTP in this process. */
export interface RunningApp {
  readonly url: string;
  /** The routes that it has. */
  readonly router: Router;
  get(path: string): Promise<Response>;
  delete(path: string): Promise<Response>;
  /** Posts a value as JSON. */
  post(path: string, body: unknown): Promise<Response>;
  stop(): Promise<void>;
}

/** Starts the app on a free port, with the default settings apart from the given ones. */
export async function startApp(databaseUrl: string, settings: Partial<AppConfig> = {}): Promise<RunningApp> {
  const database = createDatabase({ url: databaseUrl, poolSize: 4, logger: silentLogger });
  const config = {
    ...readConfig({ DATABASE_URL: databaseUrl }),
    version: '1.2.3',
    release: 'r42',
    ...settings,
  };
  const metrics = new Metrics(config);
  const readiness = new Readiness({
    database: checkDatabase(database),
    migrations: checkMigrations(database),
    model: () => ({ ok: false, detail: 'not loaded' }),
  });
  const app = createApp({ config, database, readiness, metrics, logger: silentLogger });
  const timeoutMilliseconds = config.requestTimeoutSeconds * 1000;
  const server = await HttpServer.listen({ listener: app.listener, port: 0, timeoutMilliseconds });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    router: app.router,
    get: (path) => fetch(url + path),
    delete: (path) => fetch(url + path, { method: 'DELETE' }),
    post: (path, body) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    stop: async () => {
      await server.stop(1_000);
      await database.destroy();
    },
  };
}
