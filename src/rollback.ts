import { discover } from './discover.ts';
import { openRecords, openRunCommand, openStacks } from './doors.ts';
import { type Facts, type Result, tell } from './facts.ts';
import type { RollbackInputs } from './inputs.ts';
import { Problem } from './problem.ts';
import { findHosts, openHostSource, urlOf, waitForHosts } from './reach-hosts.ts';
import { type Ledger, releaseBefore } from './release/ledger.ts';
import { liveOn, rollOut, servesAlready, withLease } from './roll-out.ts';
import type { HostSource } from './rollout/readiness.ts';
import type { Records } from './rollout/records.ts';
import type { Run } from './run.ts';

/** A run that goes back to a release that served before. */
export interface RollbackRun extends Run {
  inputs: RollbackInputs;
}

/** Rolls a release out that served before, with the settings it had; never throws: what went wrong is in the result. */
export function rollBack(run: RollbackRun): Promise<Result> {
  return tell(run, (facts) => carryOut(run, facts));
}

async function carryOut(run: RollbackRun, facts: Facts): Promise<void> {
  const { target, region, appName } = run.inputs;
  const destination = await discover({ target, repository: '', builds: false }, () => openStacks(region));
  const source = await openHostSource(run, destination);
  const instances = await findHosts(run, facts, source);
  const records = await openRecords(region, appName);
  await withLease(run, facts, records, async () => {
    const entry = await records.entry(wantedRelease(run, await records.ledger()));
    facts.outputs.url = destination.url || urlOf(instances, entry.settings.hostPort);
    facts.outputs.image = entry.image;
    facts.outputs.imageDigest = entry.digest;
    facts.strategy = entry.strategy;
    await goBack(run, facts, records, source, entry);
  });
}

/** @throws Problem if the ledger has no such release, or none before the live one */
function wantedRelease({ inputs }: RollbackRun, ledger: Ledger): string {
  const { appName, release } = inputs;
  const others = ledger.releases.filter((id) => id !== ledger.live);
  const kept = others.length === 0 ? 'It keeps no other release.' : `It keeps ${others.join(', ')}.`;
  if (release !== '') {
    if (ledger.releases.includes(release)) return release;
    throw new Problem(`The ledger of ${appName} has no release ${release} that served. ${kept}`);
  }
  const before = releaseBefore(ledger);
  if (before !== undefined) return before;
  const live = ledger.live === '' ? 'no live release' : `no release before ${ledger.live}`;
  throw new Problem(`The ledger of ${appName} has ${live} to go back to. ${kept}`);
}

async function goBack(
  run: RollbackRun,
  facts: Facts,
  records: Records,
  source: HostSource,
  entry: Awaited<ReturnType<Records['entry']>>,
): Promise<void> {
  const runCommand = await openRunCommand(run.inputs.region);
  const hosts = await waitForHosts(run, facts, runCommand, source, entry.settings);
  const live = liveOn(hosts, (await records.ledger()).live);
  facts.outputs.previousRelease = live?.release ?? '';
  if (live?.release === entry.id && servesAlready(hosts, entry)) {
    facts.outputs.verdict = 'unchanged';
    facts.outputs.release = entry.id;
    return;
  }
  const again = {
    ...entry,
    status: 'rolling-out' as const,
    startedAt: new Date().toISOString(),
    runUrl: run.runUrl,
  };
  await rollOut(run, facts, { runCommand, records, source, hosts }, again, []);
}
