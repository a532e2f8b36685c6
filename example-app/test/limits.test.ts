import { Histogram, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { clientOf } from '../src/util/client-address.ts';
import { RateLimiter } from '../src/util/rate-limiter.ts';
import { TallyHistogram } from '../src/util/tally.ts';

function client(remoteAddress: string, forwardedFor?: string): string {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  return clientOf({ socket: { remoteAddress } as Parameters<typeof clientOf>[0]['socket'], headers });
}

it.each<[string, string, string | undefined, string]>([
  ['the peer', '203.0.113.9', undefined, '203.0.113.9'],
  ['the peer, whatever it says of itself', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['what a proxy says', '10.0.0.5', '203.0.113.9', '203.0.113.9'],
  ['what a proxy says, on a socket for both versions', '::ffff:172.17.0.1', '203.0.113.9', '203.0.113.9'],
  ['the last one, which the proxy wrote', '127.0.0.1', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
  ['the last one that is no proxy', '127.0.0.1', '198.51.100.1, 203.0.113.9, 192.168.1.1', '203.0.113.9'],
  ['the proxy, for a client inside', '10.0.0.5', '10.0.0.6', '10.0.0.5'],
  ['the proxy, when it says no address', '10.0.0.5', '203.0.113.9, unknown', '10.0.0.5'],
  ['the network of IPv6', '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2'],
  ['the network of a short IPv6', '2001:db8::7', undefined, '2001:db8:0:0'],
  ['the network that a proxy says', '::1', '2001:db8:0:9::1', '2001:db8:0:9'],
])('the client is %s', (_name, peer, forwardedFor, expected) => {
  expect(client(peer, forwardedFor)).toBe(expected);
});

it('a client has its share in each window, which begins with its first request', () => {
  let now = 0;
  const limiter = new RateLimiter({ limit: 2, windowSeconds: 60, now: () => now });
  expect(limiter.take('a')).toEqual({ allowed: true, left: 1, seconds: 60 });
  now = 59_500;
  expect(limiter.take('a')).toEqual({ allowed: true, left: 0, seconds: 1 });
  expect(limiter.take('a')).toEqual({ allowed: false, left: 0, seconds: 1 });
  expect(limiter.take('b')).toEqual({ allowed: true, left: 1, seconds: 60 });
  now = 60_000;
  expect(limiter.take('a')).toEqual({ allowed: true, left: 1, seconds: 60 });
  expect(limiter.take('b')).toEqual({ allowed: true, left: 0, seconds: 60 });
});

it('remembers no more clients than it may: the one that came first is forgotten', () => {
  const limiter = new RateLimiter({ limit: 1, windowSeconds: 60, mostClients: 2, now: () => 0 });
  for (const name of ['a', 'b', 'c']) expect(limiter.take(name).allowed).toBe(true);
  expect(limiter.take('c').allowed).toBe(false);
  expect(limiter.take('b').allowed).toBe(false);
  expect(limiter.take('a').allowed).toBe(true);
});

it('a histogram of tallies shows what one of prom-client shows', async () => {
  const description = {
    name: 'duration_seconds',
    help: 'Durations.',
    labelNames: ['route'] as const,
    buckets: [0.1, 1, 10],
  };
  const [tallies, plain] = [new Registry(), new Registry()];
  const tally = new TallyHistogram({ ...description, registers: [tallies] }).tally({ route: '/items' });
  const histogram = new Histogram({ ...description, registers: [plain] });
  for (const value of [0.05, 0.1, 0.5, 2, 20]) {
    tally.observe(value);
    histogram.observe({ route: '/items' }, value);
  }
  const lines = async (registry: Registry) =>
    (await registry.metrics()).split('\n').map(withSortedLabels).sort();
  expect(await lines(tallies)).toEqual(await lines(plain));
});

function withSortedLabels(line: string): string {
  return line.replace(/\{(.*)\}/, (_all, labels: string) => `{${labels.split(',').sort().join(',')}}`);
}
