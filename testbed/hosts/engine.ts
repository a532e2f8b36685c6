// The machine's Docker engine, asked at its socket: starting the docker command takes a tenth of a second of a core each time.
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';

const SOCKET = '/var/run/docker.sock';
const VERSION = 'v1.41';

/**
 * Asks the engine.
 * @param path such as /containers/json
 * @returns the answer, parsed
 * @throws Error with what the engine said if it refuses
 */
export async function askEngine(path: string): Promise<unknown> {
  const call = get({ socketPath: SOCKET, path: `/${VERSION}${path}` });
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  const text = await textOf(response);
  if (response.statusCode !== 200) {
    throw new Error(`the Docker engine answered ${path} with ${response.statusCode}: ${text}`);
  }
  return JSON.parse(text);
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
