import { BlockList, isIP } from 'node:net';

/** Where the requests go. */
export interface Target {
  host: string;
  port: number;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/**
 * Reads `ADDRESS:PORT`.
 * @throws Error unless the address is a literal of the loopback interface: load must not reach anybody else's machine
 */
export function parseTarget(address: string): Target {
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d+)$/.exec(address) ?? [];
  const host = bracketed ?? plain ?? '';
  const family = isIP(host);
  if (family === 0 || !LOOPBACK.check(host, family === 4 ? 'ipv4' : 'ipv6')) {
    throw new Error(`Probe: '${address}' is no loopback address; write 127.0.0.1:PORT`);
  }
  if (Number(port) < 1 || Number(port) > 65_535) {
    throw new Error(`Probe: '${address}' has no port between 1 and 65535`);
  }
  return { host, port: Number(port) };
}
