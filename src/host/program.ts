import { readFile } from 'node:fs/promises';

/** The text of the program that runs on the instance. */
export async function hostProgram(): Promise<string> {
  return readFile(new URL('./program.sh', import.meta.url), 'utf8');
}
