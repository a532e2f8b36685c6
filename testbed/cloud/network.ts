import { createServer } from 'node:net';
import { docker } from './docker.ts';
import { CLOUD_LABEL, networkName } from './names.ts';

const PORTS_TO_TRY = 100;
/** First two numbers of the networks to try: the template's own first. */
const NETWORK_CANDIDATES = ['10.0', ...Array.from({ length: 20 }, (_, index) => `10.${200 + index}`)];

/**
 * Creates a cloud's network in the first range that no other network has.
 *
 * @returns the prefix of its addresses, such as "10.0."
 */
export async function createNetwork(cloud: string): Promise<string> {
  const refusals: string[] = [];
  for (const candidate of NETWORK_CANDIDATES) {
    try {
      // Addresses that nobody asked for come from the end, away from those that EC2 hands out.
      await docker(
        ...['network', 'create', `--label=${CLOUD_LABEL}=${cloud}`, `--subnet=${candidate}.0.0/16`],
        ...[`--ip-range=${candidate}.255.0/24`, networkName(cloud)],
      );
      return `${candidate}.`;
    } catch (error) {
      refusals.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(`no network for the local cloud: ${refusals.at(-1)}`);
}

/** The first port from the given one on that nothing listens on, on loopback. */
export async function findFreePort(first: number): Promise<number> {
  for (let port = first; port < first + PORTS_TO_TRY; port += 1) {
    if (await isFree(port)) {
      return port;
    }
  }
  throw new Error(`no port is free on 127.0.0.1 between ${first} and ${first + PORTS_TO_TRY - 1}`);
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  return promise;
}
