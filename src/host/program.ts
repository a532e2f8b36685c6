import { readFile } from 'node:fs/promises';

/** The text of the program that runs on the instance, as it is sent. */
export async function hostProgram(): Promise<string> {
  return condensed(await readFile(new URL('./program.sh', import.meta.url), 'utf8'));
}

/** Comment lines, blank ones and half of the indentation stay behind: a command has little room, and the app's variables need it. */
export function condensed(program: string): string {
  const [shebang = '', ...lines] = program.split('\n');
  const kept = lines.filter((line) => !/^\s*(?:#|$)/.test(line)).map(halfIndented);
  return [shebang, ...kept, ''].join('\n');
}

function halfIndented(line: string): string {
  const text = line.trimStart();
  return ' '.repeat((line.length - text.length) / 2) + text;
}
