import { openRecords, openRunCommand } from './doors.ts';
import { type Facts, note, type Result, tell, tellOf } from './facts.ts';
import { Problem } from './problem.ts';
import { findHosts, type ReadyHost, urlOf, waitForHosts } from './reach-hosts.ts';
import type { Run } from './run.ts';

/** Asks every host whether it serves the live release; changes nothing, and never throws: what is wrong is in the result. */
export function check(run: Run): Promise<Result> {
  return tell(run, (facts) => carryOut(run, facts));
}

async function carryOut(run: Run, facts: Facts): Promise<void> {
  const { region, appName } = run.inputs;
  const found = await findHosts(run, facts);
  const records = await openRecords(region, appName);
  const { live } = await records.ledger();
  if (live === '')
    throw new Problem(`The ledger of ${appName} has no live release: nothing was deployed yet.`);
  const entry = await records.entry(live);
  facts.outputs.release = live;
  tellOf(facts, entry, urlOf(found, entry.settings.hostPort));
  const hosts = await waitForHosts(run, facts, await openRunCommand(region), found.source, entry.settings);
  noteChangedSecrets(run, facts, hosts);
  const problems = hosts.flatMap((host) => problemOf(host, live));
  if (problems.length > 0) throw new Problem(`${problems.join('\n')}\nDeploy again to mend it.`);
  facts.outputs.verdict = 'unchanged';
}

function problemOf({ instanceId, report }: ReadyHost, live: string): string[] {
  if (report.live === undefined) return [`${instanceId} has no release, and ${live} is live.`];
  if (report.live.release !== live) return [`${instanceId} has ${report.live.release}, and ${live} is live.`];
  return report.live.serving ? [] : [`${instanceId} has ${live}, and answers do not come from it.`];
}

function noteChangedSecrets(run: Run, facts: Facts, hosts: ReadyHost[]): void {
  const changed = hosts.filter(({ report }) => report.live?.environment === 'changed');
  if (changed.length === 0) return;
  const ids = changed.map(({ instanceId }) => instanceId).join(', ');
  note(
    run,
    facts,
    `${ids}: values of secrets have changed since the release was started. Deploy again to take them.`,
  );
}
