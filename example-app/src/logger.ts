import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';
import { originalStack } from './util/original-stack.ts';

export type { Logger };

/** Makes the logger: one JSON object a line on standard output, with version and release in each. */
export function createLogger(config: Pick<Config, 'logLevel' | 'version' | 'release'>): Logger {
  const options = {
    level: config.logLevel,
    base: { version: config.version, release: config.release },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describe },
  };
  // Written at once: what is still being written when the process ends would come after what is flushed then.
  return pino(options, pino.destination({ dest: 1, sync: true }));
}

/** What was thrown need not be an error. */
function describe(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const described = pino.stdSerializers.err(thrown);
  return Object.assign(described, { stack: originalStack(described.stack) });
}
