/** Everything the app reads from its environment, checked. */
export interface Config {
  /** TCP port to listen on; 0 takes any free one. */
  readonly port: number;
  /** PostgreSQL connection string. A secret: never log it. */
  readonly databaseUrl: string;
  /** Most connections the app opens to the database. */
  readonly databasePoolSize: number;
  /** Version the image was built as. */
  readonly version: string;
  /** Release id given by the deployment; null outside of one. */
  readonly release: string | null;
  readonly logLevel: LogLevel;
  /** What writes must carry as `Authorization: Bearer KEY`; null when anybody may write. A secret: never log it. */
  readonly apiKey: string | null;
  /** Requests that one client may send in a minute; 0 for no limit. */
  readonly rateLimitPerMinute: number;
  /** Requests that are worked on at the same time; one more is answered 503. */
  readonly maxInFlight: number;
  /** How long a request may take to arrive, and then to be answered, in seconds. */
  readonly requestTimeoutSeconds: number;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** An environment variable is missing or malformed; the message says which and what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the app's configuration.
 * @throws ConfigError for the first variable that is missing or malformed.
 */
export function readConfig(environment: Environment): Config {
  return {
    port: readPort(environment),
    databaseUrl: readDatabaseUrl(environment),
    databasePoolSize: readInteger(environment, 'DATABASE_POOL_SIZE', { fallback: 10, least: 1, most: 1000 }),
    version: environment['VERSION'] || 'development',
    release: environment['EC2_DEPLOY_RELEASE'] || null,
    logLevel: readLogLevel(environment),
    apiKey: readApiKey(environment),
    rateLimitPerMinute: readInteger(environment, 'RATE_LIMIT_PER_MINUTE', {
      fallback: 30_000,
      least: 0,
      most: 1_000_000_000,
    }),
    maxInFlight: readInteger(environment, 'MAX_IN_FLIGHT', { fallback: 200, least: 1, most: 100_000 }),
    requestTimeoutSeconds: readInteger(environment, 'REQUEST_TIMEOUT_SECONDS', {
      fallback: 20,
      least: 1,
      most: 300,
    }),
  };
}

/**
 * Reads PORT, all that the health check needs.
 * @throws ConfigError when it is malformed.
 */
export function readPort(environment: Environment): number {
  return readInteger(environment, 'PORT', { fallback: 8000, least: 0, most: 65_535 });
}

/**
 * Reads DATABASE_URL, all that the migrations need.
 * @throws ConfigError when it is missing or no PostgreSQL URL. The message never contains the value, which holds a password.
 */
export function readDatabaseUrl(environment: Environment): string {
  const value = environment['DATABASE_URL'];
  if (!value) {
    throw new ConfigError(
      'DATABASE_URL is missing: set it to the connection string, postgres://USER:PASSWORD@HOST:PORT/DATABASE',
    );
  }
  if (!/^postgres(ql)?:$/.test(URL.parse(value)?.protocol ?? '')) {
    throw new ConfigError(
      'DATABASE_URL is not a PostgreSQL connection string: write postgres://USER:PASSWORD@HOST:PORT/DATABASE, ' +
        'with special characters of user and password percent-encoded',
    );
  }
  return value;
}

interface IntegerRule {
  readonly fallback: number;
  readonly least: number;
  readonly most: number;
}

function readInteger(environment: Environment, name: string, rule: IntegerRule): number {
  const text = environment[name];
  if (!text) return rule.fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < rule.least || value > rule.most) {
    throw new ConfigError(`${name} is "${text}": write a whole number from ${rule.least} to ${rule.most}`);
  }
  return value;
}

function readLogLevel(environment: Environment): LogLevel {
  const text = environment['LOG_LEVEL'] || 'info';
  const level = LOG_LEVELS.find((candidate) => candidate === text);
  if (!level) throw new ConfigError(`LOG_LEVEL is "${text}": write one of ${LOG_LEVELS.join(', ')}`);
  return level;
}

const LEAST_KEY_LENGTH = 16;

function readApiKey(environment: Environment): string | null {
  const key = environment['API_KEY'];
  if (!key) return null;
  // The token of RFC 6750, so that every client can send it in a header.
  if (key.length < LEAST_KEY_LENGTH || !/^[\w.~+/-]+=*$/.test(key)) {
    throw new ConfigError(
      `API_KEY is not usable: write at least ${LEAST_KEY_LENGTH} letters, digits or any of -._~+/ (such as \`openssl rand -hex 32\` prints)`,
    );
  }
  return key;
}
