import { setTimeout as delay } from 'node:timers/promises';
import { assemble } from './assembly.ts';
import { type Environment, readConfig } from './config.ts';
import { createLogger, type Logger } from './logger.ts';
import { HttpServer } from './util/http-server.ts';

/** Together under the 10 seconds that `docker stop` waits. */
const MOST_DRAIN_MILLISECONDS = 8_000;
const CLOSE_MILLISECONDS = 1_000;

/**
 * Starts the app.
 * @returns what stops it: finishes the requests in flight, closes server and database.
 * @throws ConfigError when a setting is wrong; the system's error when the port cannot be listened on.
 */
export async function start(environment: Environment): Promise<(signal: NodeJS.Signals) => Promise<void>> {
  const config = readConfig(environment);
  const logger = createLogger(config);
  endOnUnhandledErrors(logger);
  const { app, readiness, loadModel, close } = assemble(config, logger);
  const timeoutMilliseconds = config.requestTimeoutSeconds * 1000;
  const server = await HttpServer.listen({ listener: app.listener, port: config.port, timeoutMilliseconds });
  logger.info({ port: server.port }, 'listening');
  // A model that cannot be loaded ends the process: this is not awaited, so that the app answers meanwhile.
  void loadModel().then(() => logger.info('model loaded'));

  return async (signal) => {
    logger.info({ signal }, 'stopping');
    readiness.stop();
    const cut = await server.stop(Math.min(MOST_DRAIN_MILLISECONDS, timeoutMilliseconds));
    if (cut > 0) logger.warn({ requests: cut }, 'cut requests that did not finish in time');
    await Promise.race([close(), delay(CLOSE_MILLISECONDS)]);
    logger.info('stopped');
  };
}

/** After an error that nobody expected, nothing is known of the process's state: what starts containers starts another one. */
function endOnUnhandledErrors(logger: Logger): void {
  process.on('uncaughtException', (error, origin) => {
    logger.fatal({ err: error, origin }, 'unhandled error');
    process.exit(1);
  });
}
