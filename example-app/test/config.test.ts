import { expect, it } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';

const DATABASE_URL = 'postgres://app:secret@database/app';

it('needs the database only; the rest has defaults', () => {
  expect(readConfig({ DATABASE_URL })).toEqual({
    port: 8000,
    databaseUrl: DATABASE_URL,
    databasePoolSize: 10,
    version: 'development',
    release: null,
    logLevel: 'info',
    apiKey: null,
    rateLimitPerMinute: 30_000,
    maxInFlight: 200,
    requestTimeoutSeconds: 20,
  });
});

it('takes every variable', () => {
  const environment = {
    DATABASE_URL: 'postgresql://app@database/app?sslmode=require',
    PORT: '8080',
    DATABASE_POOL_SIZE: '5',
    VERSION: '1.2.3',
    EC2_DEPLOY_RELEASE: 'r42',
    LOG_LEVEL: 'debug',
    API_KEY: 'fb0f64abcdef-._~+/==',
    RATE_LIMIT_PER_MINUTE: '0',
    MAX_IN_FLIGHT: '64',
    REQUEST_TIMEOUT_SECONDS: '5',
  };
  expect(readConfig(environment)).toEqual({
    port: 8080,
    databaseUrl: environment.DATABASE_URL,
    databasePoolSize: 5,
    version: '1.2.3',
    release: 'r42',
    logLevel: 'debug',
    apiKey: 'fb0f64abcdef-._~+/==',
    rateLimitPerMinute: 0,
    maxInFlight: 64,
    requestTimeoutSeconds: 5,
  });
});

it.each<[Record<string, string>, string]>([
  [{ DATABASE_URL: '' }, 'DATABASE_URL is missing'],
  [{ DATABASE_URL: 'marker' }, 'DATABASE_URL is not a PostgreSQL connection string'],
  [{ DATABASE_URL: 'mysql://app:marker@database/app' }, 'DATABASE_URL is not a PostgreSQL connection string'],
  [{ PORT: '70000' }, 'PORT is "70000": write a whole number from 0 to 65535'],
  [{ PORT: '-1' }, 'PORT is "-1"'],
  [{ PORT: '80x' }, 'PORT is "80x"'],
  [{ PORT: '0x50' }, 'PORT is "0x50"'],
  [{ DATABASE_POOL_SIZE: '0' }, 'DATABASE_POOL_SIZE is "0": write a whole number from 1 to 1000'],
  [{ API_KEY: 'marker' }, 'API_KEY is not usable: write at least 16 letters'],
  [{ API_KEY: 'marker with spaces in it' }, 'API_KEY is not usable'],
  [{ RATE_LIMIT_PER_MINUTE: '1.5' }, 'RATE_LIMIT_PER_MINUTE is "1.5"'],
  [{ MAX_IN_FLIGHT: '0' }, 'MAX_IN_FLIGHT is "0": write a whole number from 1 to 100000'],
  [{ REQUEST_TIMEOUT_SECONDS: '0' }, 'REQUEST_TIMEOUT_SECONDS is "0"'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud": write one of fatal, error'],
])('refuses %j', (environment, message) => {
  const read = () => readConfig({ DATABASE_URL, ...environment });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(message);
  expect(read).not.toThrow('marker');
});
