// What a container on a host was really given.
import type { TestHost } from './cloud.ts';

/** The variables of a container's first process, byte for byte. */
export async function environmentOf(host: TestHost, container: string): Promise<Map<string, string>> {
  const pairs = await readFields(host, container, '/proc/1/environ');
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

/** The command line of a container's first process, word by word. */
export function commandOf(host: TestHost, container: string): Promise<string[]> {
  return readFields(host, container, '/proc/1/cmdline');
}

/** The NUL-terminated texts of a file. A byte that is no UTF-8 makes it fail. */
async function readFields(host: TestHost, container: string, file: string): Promise<string[]> {
  const encoded = await host.shell(`docker exec ${container} cat ${file} | base64 -w 0`);
  const text = new TextDecoder('utf8', { fatal: true, ignoreBOM: true }).decode(
    Buffer.from(encoded, 'base64'),
  );
  return text.split('\0').slice(0, -1);
}
