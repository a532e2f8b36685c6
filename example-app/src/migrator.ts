import fs from 'node:fs/promises';
import path from 'node:path';
import type { Kysely } from 'kysely';
import { FileMigrationProvider, Migrator } from 'kysely/migration';
import { MIGRATIONS_FOLDER } from './folders.ts';

/** Makes the migrator over the files in `migrations/`, applied in the order of their names. */
export function createMigrator<T>(database: Kysely<T>): Migrator {
  const provider = new FileMigrationProvider({
    fs,
    path,
    migrationFolder: MIGRATIONS_FOLDER,
  });
  // Kysely takes an advisory lock, so two migrators at once run one after the other.
  return new Migrator({ db: database, provider });
}
