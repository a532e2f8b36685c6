import type { ImageStart } from './image.ts';
import { type MeasuredServer, startOnServerCore } from './processes.ts';

/** What the app is set to: one client sends everything, so its rate must not end the measurement. */
export function appSettings(databaseUrl: string): Record<string, string> {
  return { DATABASE_URL: databaseUrl, RATE_LIMIT_PER_MINUTE: '1000000000' };
}

/** Starts the built app as the image does, and waits until it can serve everything. */
export async function startApp(
  databaseUrl: string,
  { args, environment }: ImageStart,
): Promise<MeasuredServer> {
  const server = await startOnServerCore(args, { ...environment, ...appSettings(databaseUrl), PORT: '0' });
  try {
    await untilReady(server.url);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

const READY_MILLISECONDS = 30_000;

/** @throws Error with what is missing when it does not turn ready. */
export async function untilReady(url: string): Promise<void> {
  const deadline = performance.now() + READY_MILLISECONDS;
  let last = 'no answer';
  while (performance.now() < deadline) {
    const response = await fetch(`${url}/ready`).catch(() => undefined);
    if (response?.ok) return;
    last = (await response?.text()) ?? last;
  }
  throw new Error(`the app did not turn ready: ${last}`);
}
