import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { MIGRATIONS_FOLDER } from './folders.ts';

/** Returns the names of this release's migrations, in the order in which they are applied. */
export async function readMigrationNames(): Promise<string[]> {
  const files = await readdir(MIGRATIONS_FOLDER);
  // In the bundle there is a source map beside each.
  const migrations = files.filter((file) => /\.[jt]s$/.test(file));
  return migrations.map((file) => path.parse(file).name).sort();
}
