import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Addresses that no client on the internet can have: loopback, link-local and private networks. */
const privateNetworks = new BlockList();
privateNetworks.addSubnet('127.0.0.0', 8);
privateNetworks.addSubnet('10.0.0.0', 8);
privateNetworks.addSubnet('172.16.0.0', 12);
privateNetworks.addSubnet('192.168.0.0', 16);
privateNetworks.addSubnet('169.254.0.0', 16);
privateNetworks.addAddress('::1', 'ipv6');
privateNetworks.addSubnet('fc00::', 7, 'ipv6');
privateNetworks.addSubnet('fe80::', 10, 'ipv6');

const IPV6_NETWORK_GROUPS = 4;

/**
 * Returns what stands for the client of a request when requests are counted: its IPv4 address, or its IPv6 network (/64, since
 * one client has all of it). `X-Forwarded-For` is believed only from a private peer, a proxy before the app, and in it the
 * last address that is not private: whatever is before that was written by the client.
 */
export function clientOf(request: Pick<IncomingMessage, 'socket' | 'headers'>): string {
  const peer = withoutMapping(request.socket.remoteAddress ?? '');
  const forwarded = request.headers['x-forwarded-for'];
  if (forwarded === undefined || !isPrivate(peer)) return networkOf(peer);
  return networkOf(lastPublic(String(forwarded)) ?? peer);
}

function lastPublic(forwarded: string): string | undefined {
  const addresses = forwarded.split(',').map((text) => withoutMapping(text.trim()));
  const last = addresses.findLast((address) => !isPrivate(address));
  // No address at all, such as "unknown", is no reason to believe what is before it.
  return last !== undefined && isIP(last) ? last : undefined;
}

function isPrivate(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && privateNetworks.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** IPv4 addresses in the form that a socket for both versions gives them. */
function withoutMapping(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}

function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].slice(0, IPV6_NETWORK_GROUPS).join(':');
}
