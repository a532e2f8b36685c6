import { readFile } from 'node:fs/promises';

/** The text of the program that runs on the instance, as it is sent. */
export async function hostProgram(): Promise<string> {
  return withoutComments(await readFile(new URL('./program.sh', import.meta.url), 'utf8'));
}

/** Comment lines and blank ones stay behind: a command has little room, and the app's variables need it. */
export function withoutComments(program: string): string {
  const [shebang = '', ...lines] = program.split('\n');
  return [shebang, ...lines.filter((line) => !/^\s*(?:#|$)/.test(line)), ''].join('\n');
}
