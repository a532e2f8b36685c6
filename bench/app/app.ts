import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleApp, type MeasuredServer, startOnServerCore } from './processes.ts';

/** The arguments that the image's command gives to node, so that what is measured is what is deployed. */
export function imageArguments(): string[] {
  const dockerfile = readFileSync(join(exampleApp, 'Dockerfile'), 'utf8');
  const command = [...dockerfile.matchAll(/^CMD (\[.*\])$/gm)].at(-1)?.[1];
  const [node, ...rest] = JSON.parse(command ?? '[]') as string[];
  if (node !== 'node')
    throw new Error('the last CMD of example-app/Dockerfile does not start node: mend bench/app/app.ts');
  return rest.map((argument) => (argument.endsWith('.js') ? join(exampleApp, argument) : argument));
}

/** What the app is set to: one client sends everything, so its rate must not end the measurement. */
export function appSettings(databaseUrl: string): Record<string, string> {
  return { DATABASE_URL: databaseUrl, RATE_LIMIT_PER_MINUTE: '1000000000' };
}

/** Starts the built app as the image does, and waits until it can serve everything. */
export async function startApp(databaseUrl: string): Promise<MeasuredServer> {
  const server = await startOnServerCore(imageArguments(), { ...appSettings(databaseUrl), PORT: '0' });
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
