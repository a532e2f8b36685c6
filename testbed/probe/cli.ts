import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startProbe } from './probe.ts';
import { describeReport } from './report.ts';

const USAGE = `Usage: node testbed/probe/cli.ts 127.0.0.1:PORT[/PATH] [--rate 200] [--seconds 10] [--timeout 10000] [--json]

Sends requests at a constant rate to a loopback address, half on new connections, half kept alive.
Exits with 1 when any request failed.`;

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rate: { type: 'string', default: '200' },
      seconds: { type: 'string', default: '10' },
      timeout: { type: 'string', default: '10000' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [, address, path = '/'] = /^(?:http:\/\/)?([^/]+)(\/.*)?$/.exec(positionals[0] ?? '') ?? [];
  if (address === undefined) {
    console.error(USAGE);
    return 2;
  }
  const probe = startProbe({
    address,
    path,
    ratePerSecond: Number(values.rate),
    timeout: Number(values.timeout),
  });
  await delay(Number(values.seconds) * 1000);
  const report = await probe.stop();
  console.log(values.json ? JSON.stringify(report, null, 2) : describeReport(report));
  return report.failed === 0 ? 0 : 1;
}
