import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { measureColdStart } from './cold-start.ts';
import { CONTAINER_MEBIBYTES, growthOf, type Memory, measureMemory } from './container.ts';
import { type BenchDatabase, startDatabase } from './database.ts';
import { readImageStart } from './image.ts';
import { CONNECTIONS, requireWrk } from './load.ts';
import { exampleApp, leaveServerCore } from './processes.ts';
import { measureThroughput, TARGETS, type Throughput } from './throughput.ts';

const USAGE = `usage: npm run bench:app -- [OPTION ...]
  --rounds N        runs of each target (5)
  --seconds N       of each run (10)
  --only TEXT       only the targets whose name contains TEXT
  --no-throughput   leave out the targets and the cold start
  --no-container    leave out the memory of the image's container, which has to be built
  --soak MINUTES    keep the container under load for so long, and see whether its memory stays`;

const COLD_STARTS = 5;
const COLD_START_GOAL_SECONDS = 0.5;
const MEMORY_GOAL_MEBIBYTES = 200;
const GROWTH_GOAL = 1.05;

const { values: options } = parseArgs({
  allowNegative: true,
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '10' },
    only: { type: 'string', default: '' },
    throughput: { type: 'boolean', default: true },
    container: { type: 'boolean', default: true },
    soak: { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
});

/** One goal, and what was seen. */
interface Row {
  readonly what: string;
  readonly seen: string;
  readonly goal: string;
  readonly isMet: boolean;
}

function throughputRows({ targets }: Throughput): Row[] {
  return targets.map(({ target, run, ratio }) => ({
    what: target.name,
    seen: `${ratio.toFixed(3)} of bare, ${figures(run)}`,
    goal: `at least ${target.goal}`,
    isMet: ratio >= target.goal,
  }));
}

function figures({ requestsPerSecond, p50, p99, processor }: Throughput['bare']): string {
  const rate = `${Math.round(requestsPerSecond)}/s`;
  return `${rate}, p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, ${processor.toFixed(1)} µs of its core`;
}

function coldStartRow(seconds: number): Row {
  return {
    what: 'cold start to the first 200',
    seen: `${seconds.toFixed(3)} s`,
    goal: `under ${COLD_START_GOAL_SECONDS} s`,
    isMet: seconds < COLD_START_GOAL_SECONDS,
  };
}

function memoryRow({ idle, samples }: Memory): Row {
  const highest = Math.max(...samples);
  return {
    what: `resident of ${CONTAINER_MEBIBYTES} MiB`,
    seen: `idle ${Math.round(idle)}, under load at most ${Math.round(highest)} MiB (${samples.map(Math.round).join(' ')})`,
    goal: `under ${MEMORY_GOAL_MEBIBYTES} MiB`,
    isMet: highest < MEMORY_GOAL_MEBIBYTES,
  };
}

function growthRow(memory: Memory): Row {
  const growth = growthOf(memory);
  return {
    what: `memory after ${options.soak} minutes`,
    seen: `${growth.toFixed(3)} of before`,
    goal: `at most ${GROWTH_GOAL}`,
    isMet: growth <= GROWTH_GOAL,
  };
}

async function measureSpeed(database: BenchDatabase, seconds: number): Promise<Row[]> {
  const image = readImageStart();
  const targets = TARGETS.filter(({ name }) => name.includes(options.only));
  const rounds = Number(options.rounds);
  const throughput = await measureThroughput(database, { image, targets, rounds, seconds });
  console.log(`${CONNECTIONS} connections; bare node:http ${figures(throughput.bare)}`);
  const coldStart = await measureColdStart(database.url, image, COLD_STARTS);
  return [...throughputRows(throughput), coldStartRow(coldStart)];
}

async function measureContainer(database: BenchDatabase, seconds: number): Promise<Row[]> {
  const minutes = Number(options.soak);
  const memory = await measureMemory(database, seconds, minutes);
  return [memoryRow(memory), ...(minutes > 0 ? [growthRow(memory)] : [])];
}

async function measureAll(): Promise<Row[]> {
  const database = await startDatabase();
  const seconds = Number(options.seconds);
  try {
    const speed = options.throughput ? await measureSpeed(database, seconds) : [];
    const container = options.container ? await measureContainer(database, seconds) : [];
    return [...speed, ...container];
  } finally {
    await database.stop();
  }
}

/** Measures everything and prints it beside its goals. @returns the exit code, 1 when a goal was missed. */
async function main(): Promise<number> {
  requireWrk();
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: exampleApp, stdio: 'inherit' });
  leaveServerCore();
  const rows = await measureAll();
  for (const { what, seen, goal, isMet } of rows) {
    console.log(`${isMet ? 'met   ' : 'MISSED'}  ${what.padEnd(28)} ${seen}   (goal: ${goal})`);
  }
  return rows.every(({ isMet }) => isMet) ? 0 : 1;
}

if (options.help) console.log(USAGE);
else process.exitCode = await main();
