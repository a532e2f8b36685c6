import { type AppConfig, createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { createDatabase } from '../../src/database.ts';
import { HttpServer } from '../../src/util/http-server.ts';
import { silentLogger } from './databases.ts';

/** The app, served over HTTP in this process. */
export interface RunningApp {
  readonly url: string;
  get(path: string): Promise<Response>;
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
  const app = createApp({ config, database, logger: silentLogger });
  const server = await HttpServer.listen({ listener: app.listener, port: 0 });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    get: (path) => fetch(url + path),
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
