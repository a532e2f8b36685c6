import { execFileSync } from 'node:child_process';
import { findFreePort } from '../../example-app/test/support/ports.ts';
import { appSettings, untilReady } from './app.ts';
import type { BenchDatabase } from './database.ts';
import { load } from './load.ts';
import { median } from './numbers.ts';
import { exampleApp, SERVER_CORE } from './processes.ts';
import { TARGETS } from './throughput.ts';

const IMAGE = 'example-app:bench';
export const CONTAINER_MEBIBYTES = 512;
const SOAK_RUN_SECONDS = 10;

/** Resident memory in MiB. */
export interface Memory {
  readonly idle: number;
  /** After each run of load, in order. */
  readonly samples: readonly number[];
}

/** Builds the app's image and loads every target in turn, in a container with little memory, for at least this long. */
export async function measureMemory(
  database: BenchDatabase,
  secondsEach: number,
  minutes: number,
): Promise<Memory> {
  docker('build', '--quiet', '--tag', IMAGE, exampleApp);
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const settings = Object.entries({ ...appSettings(database.url), PORT: String(port) });
  const container = docker(
    'run',
    '--detach',
    '--read-only',
    '--network=host',
    `--memory=${CONTAINER_MEBIBYTES}m`,
    `--cpuset-cpus=${SERVER_CORE}`,
    ...settings.flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    IMAGE,
  );
  try {
    await untilReady(url);
    const idle = await residentMemory(url);
    const pid = Number(docker('inspect', '--format', '{{.State.Pid}}', container));
    const samples: number[] = [];
    const end = performance.now() + minutes * 60_000;
    do {
      await database.refill();
      for (const target of TARGETS) {
        load({ url, pid }, target, minutes > 0 ? SOAK_RUN_SECONDS : secondsEach);
        samples.push(await residentMemory(url));
      }
    } while (performance.now() < end);
    return { idle, samples };
  } finally {
    docker('rm', '--force', container);
  }
}

/** How much larger memory is in the last third of a soak than in the one before; the first third warms up. */
export function growthOf({ samples }: Memory): number {
  const third = Math.floor(samples.length / 3);
  return median(samples.slice(-third)) / median(samples.slice(third, 2 * third));
}

async function residentMemory(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\d+)$/m.exec(metrics)?.[1]) / 2 ** 20;
}

function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
}
