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
  };
  expect(readConfig(environment)).toEqual({
    port: 8080,
    databaseUrl: environment.DATABASE_URL,
    databasePoolSize: 5,
    version: '1.2.3',
    release: 'r42',
    logLevel: 'debug',
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
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud": write one of fatal, error'],
])('refuses %j', (environment, message) => {
  const read = () => readConfig({ DATABASE_URL, ...environment });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(message);
  expect(read).not.toThrow('marker');
});
