import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** The text of the program that runs on the instance, as it is sent. */
export async function hostProgram(): Promise<string> {
  return condensed(await readFile(new URL('./program.sh', import.meta.url), 'utf8'));
}

/** A short digest of the program, by which a document that holds it is known to be of this version. */
export function programDigest(program: string): string {
  return createHash('sha256').update(program).digest('hex').slice(0, 12);
}

/** Comment lines, blank ones and indentation stay behind: a command has little room, and the app's variables need it. */
export function condensed(program: string): string {
  const [shebang = '', ...lines] = program.split('\n');
  const kept = lines.map((line) => line.trimStart()).filter((line) => line !== '' && !line.startsWith('#'));
  return [shebang, ...kept, ''].join('\n');
}
