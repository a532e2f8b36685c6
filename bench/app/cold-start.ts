import { get } from 'node:http';
import { findFreePort } from '../../example-app/test/support/ports.ts';
import { appSettings } from './app.ts';
import { type ImageStart, makeCompileCache } from './image.ts';
import { median } from './numbers.ts';
import { startOnServerCore } from './processes.ts';

/** @returns the median time from starting the process, as the image does, to its first 200 on /health, in seconds. */
export async function measureColdStart(
  databaseUrl: string,
  image: ImageStart,
  times: number,
): Promise<number> {
  const cache = makeCompileCache(image);
  const environment = { ...image.environment, ...cache.environment, ...appSettings(databaseUrl) };
  try {
    const seconds: number[] = [];
    for (let index = 0; index < times; index++) seconds.push(await startOnce(image.args, environment));
    return median(seconds);
  } finally {
    cache.remove();
  }
}

async function startOnce(args: readonly string[], environment: Record<string, string>): Promise<number> {
  const port = await findFreePort();
  const started = performance.now();
  const starting = startOnServerCore(args, { ...environment, PORT: String(port) });
  while (!(await isHealthy(port)));
  const seconds = (performance.now() - started) / 1000;
  await (await starting).stop();
  return seconds;
}

function isHealthy(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  get({ host: '127.0.0.1', port, path: '/health', agent: false }, (response) => {
    response.resume();
    resolve(response.statusCode === 200);
  }).on('error', () => resolve(false));
  return promise;
}
