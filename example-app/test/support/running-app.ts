import type { Router } from '@koa/router';
import type { AppConfig } from '../../src/app.ts';
import { assemble } from '../../src/assembly.ts';
import { readConfig } from '../../src/config.ts';
import { HttpServer } from '../../src/util/http-server.ts';
import { silentLogger } from './databases.ts';
import { requireDescribed } from './described-answers.ts';

/** The app, served over HTTP in this process. Answers that /openapi.json does not describe make its methods fail. */
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
  const config = {
    ...readConfig({ DATABASE_URL: databaseUrl, DATABASE_POOL_SIZE: '4' }),
    version: '1.2.3',
    release: 'r42',
    ...settings,
  };
  const { app, loadModel, close } = assemble(config, silentLogger);
  const timeoutMilliseconds = config.requestTimeoutSeconds * 1000;
  const server = await HttpServer.listen({ listener: app.listener, port: 0, timeoutMilliseconds });
  void loadModel();
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    router: app.router,
    get: (path) => fetchDescribed(url, path),
    delete: (path) => fetchDescribed(url, path, { method: 'DELETE' }),
    post: (path, body) =>
      fetchDescribed(url, path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    stop: async () => {
      await server.stop(1_000);
      await close();
    },
  };
}

/** Fetches, and throws Error when the answer is not one that /openapi.json describes. */
async function fetchDescribed(url: string, path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url + path, init);
  requireDescribed({
    method: init.method ?? 'GET',
    path,
    status: response.status,
    contentType: response.headers.get('content-type'),
    body: await response.clone().text(),
  });
  return response;
}
