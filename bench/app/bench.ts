import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { measureColdStart } from './cold-start.ts';
import { startDatabase } from './database.ts';
import { CONNECTIONS, requireWrk } from './load.ts';
import { exampleApp, leaveServerCore } from './processes.ts';
import { measureThroughput, TARGETS, type Throughput } from './throughput.ts';

const USAGE = `usage: npm run bench:app -- [OPTION ...]
  --rounds N      runs of each target (5)
  --seconds N     of each run (10)
  --only TEXT     only the targets whose name contains TEXT`;

const COLD_STARTS = 5;
const COLD_START_GOAL_SECONDS = 0.5;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '10' },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});

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
    goal: `>= ${target.goal}`,
    isMet: ratio >= target.goal,
  }));
}

function figures({ requestsPerSecond, p50, p99, processor }: Throughput['bare']): string {
  return `${Math.round(requestsPerSecond)}/s, p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, ${processor.toFixed(1)} µs of its core`;
}

function coldStartRow(seconds: number): Row {
  return {
    what: 'cold start to the first 200',
    seen: `${seconds.toFixed(3)} s`,
    goal: `< ${COLD_START_GOAL_SECONDS} s`,
    isMet: seconds < COLD_START_GOAL_SECONDS,
  };
}

function print(rows: readonly Row[]): void {
  for (const { what, seen, goal, isMet } of rows) {
    console.log(`${isMet ? 'met ' : 'MISS'}  ${what.padEnd(28)} ${seen}   (goal ${goal})`);
  }
}

async function main(): Promise<number> {
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  requireWrk();
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: exampleApp, stdio: 'inherit' });
  leaveServerCore();
  const database = await startDatabase();
  try {
    const throughput = await measureThroughput(database, {
      targets: TARGETS.filter(({ name }) => name.includes(options.only)),
      rounds: Number(options.rounds),
      seconds: Number(options.seconds),
    });
    const rows = [
      ...throughputRows(throughput),
      coldStartRow(await measureColdStart(database.url, COLD_STARTS)),
    ];
    console.log(`${CONNECTIONS} connections; bare node:http ${figures(throughput.bare)}`);
    print(rows);
    const { idle, after, highest } = throughput.memory;
    console.log(
      `resident: idle ${Math.round(idle)}, after load ${Math.round(after)}, at most ${Math.round(highest)} MiB`,
    );
    return rows.every(({ isMet }) => isMet) ? 0 : 1;
  } finally {
    await database.stop();
  }
}

process.exitCode = await main();
