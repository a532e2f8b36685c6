import { openRecords, openRunCommand } from './doors.ts';
import { type Facts, type Result, tell, tellOf } from './facts.ts';
import type { RollbackInputs } from './inputs.ts';
import { Problem } from './problem.ts';
import { findHosts, urlOf, waitForHosts } from './reach-hosts.ts';
import { type Ledger, type LedgerEntry, releaseBefore } from './release/ledger.ts';
import { liveOn, rollOut, type Scene, servesAlready, withLease } from './roll-out.ts';
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
  const { region, appName } = run.inputs;
  const found = await findHosts(run, facts);
  const records = await openRecords(region, appName);
  await withLease(run, facts, records, async () => {
    const ledger = await records.ledger();
    const entry = await records.entry(wantedRelease(run, ledger));
    tellOf(facts, entry, urlOf(found, entry.settings.hostPort));
    const runCommand = await openRunCommand(region);
    const hosts = await waitForHosts(run, facts, runCommand, found.source, entry.settings);
    await goBack(run, facts, { runCommand, records, source: found.source, hosts, ledger }, entry);
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

async function goBack(run: RollbackRun, facts: Facts, scene: Scene, entry: LedgerEntry): Promise<void> {
  const live = liveOn(scene.hosts, scene.ledger.live);
  facts.outputs.previousRelease = live?.release ?? '';
  if (live?.release === entry.id && servesAlready(scene.hosts, entry)) {
    facts.outputs.verdict = 'unchanged';
    facts.outputs.release = entry.id;
    return;
  }
  const startedAt = new Date().toISOString();
  await rollOut(run, facts, scene, { ...entry, status: 'rolling-out', startedAt, runUrl: run.runUrl }, []);
}
