import { setTimeout as delay } from 'node:timers/promises';
import { createApp } from './app.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { createDatabase } from './database.ts';
import { createLogger } from './logger.ts';
import { HttpServer } from './util/http-server.ts';

/** Together under the 10 seconds that `docker stop` waits. */
const DRAIN_MILLISECONDS = 8_000;
const DATABASE_CLOSE_MILLISECONDS = 1_000;

/** Starts the app and stops it on SIGTERM or SIGINT. */
async function main(config: Config): Promise<void> {
  const logger = createLogger(config);
  const database = createDatabase({ url: config.databaseUrl, poolSize: config.databasePoolSize, logger });
  const app = createApp({ config, database, logger });
  const server = await HttpServer.listen({ listener: app.listener, port: config.port });

  const stop = async (signal: NodeJS.Signals) => {
    logger.info({ signal }, 'stopping');
    const cut = await server.stop(DRAIN_MILLISECONDS);
    if (cut > 0) logger.warn({ requests: cut }, 'cut requests that did not finish in time');
    await Promise.race([database.destroy(), delay(DATABASE_CLOSE_MILLISECONDS)]);
    logger.info('stopped');
    process.exit(0);
  };
  // Once: a second signal ends the process at once, as it does by default.
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  logger.info({ port: server.port }, 'listening');
}

try {
  await main(readConfig(process.env));
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
}
