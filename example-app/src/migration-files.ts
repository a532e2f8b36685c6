import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** Where the migrations are, one file each. */
export const MIGRATIONS_FOLDER = path.join(import.meta.dirname, 'migrations');

/** Returns the names of this release's migrations, in the order in which they are applied. */
export async function readMigrationNames(): Promise<string[]> {
  const files = await readdir(MIGRATIONS_FOLDER);
  return files.map((file) => path.parse(file).name).sort();
}
