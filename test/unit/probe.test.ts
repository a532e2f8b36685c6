import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { type ProbeOptions, type ProbeReport, startProbe } from '../../testbed/probe/probe.ts';
import { describeReport } from '../../testbed/probe/report.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener, port = 0): Promise<{ server: Server; address: string }> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { server, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Runs a probe until it has seen the end of so many requests. */
async function probeFor(requests: number, options: ProbeOptions): Promise<ProbeReport> {
  const probe = startProbe(options);
  while (probe.progress().requests < requests) await delay(5);
  return probe.stop();
}

async function unusedAddress(): Promise<string> {
  const { server, address } = await serve(() => {});
  server.close();
  await once(server, 'close');
  return address;
}

describe('what a probe counts', () => {
  test('every request, none failed, by the version that answered', async () => {
    let served = 0;
    const { address } = await serve((_, response) => {
      served += 1;
      response.end(JSON.stringify({ version: served <= 20 ? '1' : '2' }));
    });
    const labelOf = ({ body }: { body: string }) => `version ${JSON.parse(body).version}`;
    const report = await probeFor(50, { address, ratePerSecond: 500, labelOf });
    expect(report).toMatchObject({ requests: served, failed: 0, reasons: {} });
    expect(report.labels).toEqual({ 'version 1': 20, 'version 2': served - 20 });
  });

  test('exactly the failures that happened, by reason', async () => {
    const injected = { 'status 500': 0, 'status 503': 0, 'status 404': 0 };
    let served = 0;
    const { address } = await serve((_, response) => {
      served += 1;
      const status = { 3: 500, 5: 503, 7: 404 }[served % 10] ?? 200;
      if (status !== 200) injected[`status ${status}` as keyof typeof injected] += 1;
      response.writeHead(status).end('x');
    });
    const report = await probeFor(100, { address, ratePerSecond: 500 });
    expect(report.reasons).toEqual(injected);
    expect(report.failed).toBe(injected['status 500'] + injected['status 503'] + injected['status 404']);
    expect(report.failed).toBeGreaterThanOrEqual(30);
  });

  test('connections cut before and within an answer', async () => {
    let cut = 0;
    let served = 0;
    const { address } = await serve((request, response) => {
      served += 1;
      if (served % 5 > 1) response.end('whole');
      else cut += 1;
      if (served % 5 === 0) request.socket.destroy();
      if (served % 5 !== 1) return;
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => request.socket.destroy());
    });
    const report = await probeFor(50, { address, ratePerSecond: 500 });
    expect(report.failed).toBe(cut);
    expect(Object.keys(report.reasons).join()).toContain('ECONNRESET');
  });

  test('connections refused', async () => {
    const address = await unusedAddress();
    const report = await probeFor(20, { address, ratePerSecond: 500 });
    expect(report.reasons).toEqual({ 'connect ECONNREFUSED': report.requests });
    expect(report.failed).toBe(report.requests);
    expect(report.longestGap).toBeCloseTo(report.duration, 5);
  });

  test('answers that do not come in time', async () => {
    const { address } = await serve((request, response) => {
      if (request.headers.connection === 'close') response.end('x');
    });
    const report = await probeFor(40, { address, ratePerSecond: 100, timeout: 1000 });
    expect(report.reasons).toEqual({ 'no answer within 1000 ms': report.byKind.keptAlive.requests });
    expect(report.byKind.newConnection.failed).toBe(0);
    expect(report.slowest).toBeGreaterThanOrEqual(999);
  });
});

describe('how a probe sends', () => {
  test('half over new connections, half over kept ones', async () => {
    const connections = new Set<unknown>();
    const { server, address } = await serve((_, response) => response.end('x'));
    server.on('connection', (socket) => connections.add(socket));
    const report = await probeFor(60, { address, ratePerSecond: 50 });
    const { newConnection, keptAlive } = report.byKind;
    expect(Math.abs(newConnection.requests - keptAlive.requests)).toBeLessThanOrEqual(1);
    expect(connections.size).toBeGreaterThanOrEqual(newConnection.requests + 1);
    expect(connections.size).toBeLessThan(newConnection.requests + keptAlive.requests / 2);
  });

  test('at its rate while nobody answers, with the wait counted from the scheduled time', async () => {
    const waiting: (() => void)[] = [];
    const { address } = await serve((_, response) => {
      waiting.push(() => response.end('late'));
    });
    const probe = startProbe({ address, ratePerSecond: 100 });
    while (waiting.length < 50) await delay(5);
    for (const answer of waiting) answer();
    const stopping = probe.stop();
    const timer = setInterval(() => waiting.forEach((answer) => void answer()), 5);
    const report = await stopping;
    clearInterval(timer);
    expect(report.failed).toBe(0);
    expect(report.slowest).toBeGreaterThan(450);
    expect(report.p50).toBeGreaterThan(200);
    expect(report.p50).toBeLessThan(report.p99);
    expect(report.longestGap).toBeGreaterThan(450);
  });

  test('on, when the server dies and comes back; the gap is what was lost', async () => {
    const first = await serve((_, response) => response.end('x'));
    const probe = startProbe({ address: first.address, ratePerSecond: 200 });
    while (probe.progress().requests < 20) await delay(5);
    first.server.closeAllConnections();
    first.server.close();
    const died = performance.now();
    while (performance.now() - died < 300) await delay(5);
    await serve((_, response) => response.end('x'), Number(first.address.split(':')[1]));
    const back = performance.now();
    const before = probe.progress().requests;
    while (probe.progress().requests < before + 50) await delay(5);
    const report = await probe.stop();
    expect(report.failed).toBeGreaterThan(30);
    expect(Object.keys(report.reasons)).toContain('connect ECONNREFUSED');
    expect(report.longestGap).toBeGreaterThan(290);
    expect(report.longestGap).toBeLessThan(back - died + 3000);
  });
});

describe('what a probe refuses', () => {
  test.each([
    '10.0.0.1:80',
    '93.184.216.34:80',
    'localhost:80',
    'example.com:80',
    '[::2]:80',
    '128.0.0.1:80',
    '127.0.0.1',
  ])('load to %s', (address) => {
    expect(() => startProbe({ address })).toThrow(/is no loopback address; write 127\.0\.0\.1:PORT/);
  });

  test.each([
    [{ ratePerSecond: 0 }, /ratePerSecond is 0/],
    [{ ratePerSecond: Number.NaN }, /ratePerSecond is NaN/],
    [{ newConnectionShare: 1.5 }, /newConnectionShare is 1.5/],
    [{ timeout: 0 }, /timeout is 0/],
  ])('%j', (options, message) => {
    expect(() => startProbe({ address: '127.0.0.1:1', ...options })).toThrow(message);
  });

  test('a port that is none', () => {
    expect(() => startProbe({ address: '127.0.0.1:70000' })).toThrow(/no port between 1 and 65535/);
  });
});

test('a report in one line', () => {
  const kind = { requests: 1, failed: 0, slowest: 1 };
  const report: ProbeReport = {
    requests: 2000,
    failed: 2,
    reasons: { 'status 502': 2 },
    slowest: 41.4,
    p50: 1.25,
    p99: 9,
    longestGap: 12.6,
    labels: { 'version 1': 998, 'version 2': 1000 },
    duration: 10_000,
    byKind: { newConnection: kind, keptAlive: kind },
  };
  expect(describeReport(report)).toBe(
    '2,000 requests, 2 failed (2 × status 502), slowest 41 ms, p50 1.3 ms, p99 9.0 ms, longest gap 13 ms; ' +
      'answered by version 1: 998, version 2: 1000',
  );
});
