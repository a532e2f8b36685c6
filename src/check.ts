import { discover } from './discover.ts';
import { openRecords, openRunCommand, openStacks } from './doors.ts';
import { type Facts, note, type Result, tell } from './facts.ts';
import { Problem } from './problem.ts';
import { findHosts, openHostSource, type ReadyHost, urlOf, waitForHosts } from './reach-hosts.ts';
import type { Run } from './run.ts';

/** Asks every host whether it serves the live release; changes nothing, and never throws: what is wrong is in the result. */
export function check(run: Run): Promise<Result> {
  return tell(run, (facts) => carryOut(run, facts));
}

async function carryOut(run: Run, facts: Facts): Promise<void> {
  const { target, region, appName } = run.inputs;
  const destination = await discover({ target, repository: '', builds: false }, () => openStacks(region));
  const source = await openHostSource(run, destination);
  const instances = await findHosts(run, facts, source);
  const records = await openRecords(region, appName);
  const { live } = await records.ledger();
  if (live === '')
    throw new Problem(`The ledger of ${appName} has no live release: nothing was deployed yet.`);
  const entry = await records.entry(live);
  facts.strategy = entry.strategy;
  facts.outputs.release = live;
  facts.outputs.url = destination.url || urlOf(instances, entry.settings.hostPort);
  facts.outputs.image = entry.image;
  facts.outputs.imageDigest = entry.digest;
  const hosts = await waitForHosts(run, facts, await openRunCommand(region), source, entry.settings);
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
