import { join } from 'node:path';
import { startApp } from './app.ts';
import type { BenchDatabase } from './database.ts';
import type { ImageStart } from './image.ts';
import { load, medianRun, type Request, type Run } from './load.ts';
import { median } from './numbers.ts';
import { startOnServerCore } from './processes.ts';

export interface Target extends Request {
  readonly name: string;
  /** Requests a second as a share of the bare server's; undefined for one that has no goal. */
  readonly goal: number;
}

const SENTENCE =
  'The battery lasts all day and the screen is great, but the case broke after a week and nobody answered.';

export const TARGETS: readonly Target[] = [
  { name: 'GET /health', method: 'GET', path: '/health', goal: 0.6 },
  { name: 'GET /items', method: 'GET', path: '/items', goal: 0.1 },
  {
    name: 'POST /items',
    method: 'POST',
    path: '/items',
    body: JSON.stringify({ name: 'an item', description: 'what there is to say of it' }),
    goal: 0.1,
  },
  {
    name: 'POST /predict',
    method: 'POST',
    path: '/predict',
    body: JSON.stringify({ text: SENTENCE }),
    goal: 0.3,
  },
];

const BARE: Request = { method: 'GET', path: '/' };
const WARM_UP_SECONDS = 2;

export interface ThroughputOptions {
  readonly image: ImageStart;
  readonly targets: readonly Target[];
  readonly rounds: number;
  readonly seconds: number;
}

export interface Throughput {
  readonly bare: Run;
  readonly targets: readonly { readonly target: Target; readonly run: Run; readonly ratio: number }[];
}

/** Measures the targets in rounds, each run right after one of the bare server: the machine's other load changes. */
export async function measureThroughput(
  database: BenchDatabase,
  options: ThroughputOptions,
): Promise<Throughput> {
  await using servers = new AsyncDisposableStack();
  const bare = await startOnServerCore([join(import.meta.dirname, 'bare-server.ts')]);
  servers.defer(bare.stop);
  const app = await startApp(database.url, options.image);
  servers.defer(app.stop);

  const measured = options.targets.map((target) => ({ target, runs: [] as Run[], ratios: [] as number[] }));
  const bareRuns: Run[] = [];
  load(bare, BARE, WARM_UP_SECONDS);
  for (const { target } of measured) load(app, target, WARM_UP_SECONDS);
  for (let round = 0; round < options.rounds; round++) {
    for (const { target, runs, ratios } of measured) {
      await database.refill();
      const beside = load(bare, BARE, options.seconds);
      const run = load(app, target, options.seconds);
      bareRuns.push(beside);
      runs.push(run);
      ratios.push(run.requestsPerSecond / beside.requestsPerSecond);
    }
  }
  return {
    bare: medianRun(bareRuns),
    targets: measured.map(({ target, runs, ratios }) => ({
      target,
      run: medianRun(runs),
      ratio: median(ratios),
    })),
  };
}
