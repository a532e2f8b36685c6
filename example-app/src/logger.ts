import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';
import { requestScope } from './util/request-scope.ts';

export type { Logger };

/**
 * Makes the logger: one JSON object a line on standard output, with version and release in each, and the id of the request
 * in those that are written while one is answered.
 */
export function createLogger(config: Pick<Config, 'logLevel' | 'version' | 'release'>): Logger {
  return pino({
    level: config.logLevel,
    base: { version: config.version, release: config.release },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => {
      const requestId = requestScope.getStore();
      return requestId === undefined ? {} : { requestId };
    },
  });
}
