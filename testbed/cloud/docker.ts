import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MAXIMUM_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * Runs a docker command.
 *
 * @param args the arguments after `docker`
 * @returns what it printed on standard output, trimmed
 * @throws Error with the command's first words and what docker said
 */
export async function docker(...args: string[]): Promise<string> {
  try {
    const { stdout } = await run('docker', args, { maxBuffer: MAXIMUM_OUTPUT_BYTES });
    return stdout.trim();
  } catch (error) {
    throw new Error(`docker ${args.slice(0, 2).join(' ')} failed: ${reasonOf(error)}`, { cause: error });
  }
}

/** The same, as the list of lines that are not empty. */
export async function dockerLines(...args: string[]): Promise<string[]> {
  const output = await docker(...args);
  return output.split('\n').filter((line) => line !== '');
}

function reasonOf(error: unknown): string {
  const standardError = (error as { stderr?: string }).stderr?.trim();
  return standardError || (error instanceof Error ? error.message : String(error));
}
