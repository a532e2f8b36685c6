import path from 'node:path';

// Seen from `src/` as from the bundle in `dist/`: this file's own place is the same in both.

/** The committed model. */
export const MODEL_FOLDER = path.join(import.meta.dirname, '..', 'model');

/** Where the migrations are, one file each. */
export const MIGRATIONS_FOLDER = path.join(import.meta.dirname, 'migrations');
