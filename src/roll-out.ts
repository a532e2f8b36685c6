// How a release gets to all hosts, or none: the part that a deploy and a rollback share.
import type { RunCommand } from './aws/ssm.ts';
import { deadlineIn, hostTimeIn, secondsUntil } from './clock.ts';
import { type Facts, note, remember } from './facts.ts';
import type { LiveRelease } from './host/protocol.ts';
import type { CommonInputs } from './inputs.ts';
import { Problem } from './problem.ts';
import type { ReadyHost } from './reach-hosts.ts';
import { releaseLease } from './release/lease.ts';
import type { Ledger, LedgerEntry, ReleaseStatus } from './release/ledger.ts';
import { type Release, settingsDigest } from './release/release.ts';
import { type Dossier, writeDossier } from './report/dossier.ts';
import { bringBack } from './rollout/bring-back.ts';
import { type HostRun, runPlan } from './rollout/fleet.ts';
import { takeLease } from './rollout/lease.ts';
import { livePlan, type RolloutFacts, rolloutPlan, type Stage, stages } from './rollout/plan.ts';
import { goneFrom, type HostSource } from './rollout/readiness.ts';
import type { Records } from './rollout/records.ts';
import { causeOf, type FleetVerdict, isMigrationFailure, judge, judgeWaysBack } from './rollout/verdict.ts';
import type { Run } from './run.ts';

/** Where a rollout takes place. */
export interface Scene {
  runCommand: RunCommand;
  records: Records;
  source: HostSource;
  hosts: ReadyHost[];
  /** As it was read under the lease: nobody else writes it until that is given back. */
  ledger: Ledger;
}

/** Takes the lease, and gives it back whatever happens. */
export async function withLease(
  run: Run,
  facts: Facts,
  records: Records,
  story: () => Promise<void>,
): Promise<void> {
  remember(run, facts, { leaseAsked: true });
  const wanted = {
    holder: run.holder,
    runUrl: run.runUrl,
    deadline: new Date(run.deadline + wayBackSeconds(run.inputs) * 1000).toISOString(),
  };
  await takeLease(records.lease, wanted, deadlineIn(run.inputs.waitForLease), run.log);
  try {
    await story();
  } finally {
    await releaseLease(records.lease, run.holder);
    remember(run, facts, { leaseAsked: false });
  }
}

/** Time that a host may need beyond the deadline to go back: the old release gets healthy, the new one stops. */
function wayBackSeconds({ healthTimeout, drainTimeout }: CommonInputs): number {
  return healthTimeout + drainTimeout + 30;
}

/** The release that the hosts say is live; the ledger's, if they differ. */
export function liveOn(hosts: ReadyHost[], liveInLedger: string): LiveRelease | undefined {
  const live = hosts.flatMap(({ report }) => report.live ?? []);
  return live.find(({ release }) => release === liveInLedger) ?? live[0];
}

/** Whether every host serves this digest with these settings, and the secrets' values have not changed. */
export function servesAlready(
  hosts: ReadyHost[],
  { digest, settings, strategy }: Pick<Release, 'digest' | 'settings' | 'strategy'>,
): boolean {
  const [first] = hosts;
  return hosts.every(
    ({ report: { live } }) =>
      live !== undefined &&
      live.release === first?.report.live?.release &&
      live.digest === digest &&
      live.settings === settingsDigest(settings, strategy) &&
      live.environment === 'same' &&
      live.serving,
  );
}

/**
 * Brings a release to every host, or takes it back from all of them, and writes down how that ended.
 * @param migrateCommand arguments of the one-off container that migrates; empty for no migration
 */
export async function rollOut(
  run: Run,
  facts: Facts,
  scene: Scene,
  entry: LedgerEntry,
  migrateCommand: string[],
): Promise<void> {
  const { records, ledger } = scene;
  facts.outputs.release = entry.id;
  // Before the first word of it is written: the post step of a run that is cut off concludes what it finds begun.
  remember(run, facts, { rollout: rolloutMemory(run, scene, entry) });
  const begun = await records.begin(ledger, entry);
  const serving = await carryOut(run, facts, scene, { release: entry, migrateCommand });
  const status = statusOf(facts, entry.id, serving);
  await records.conclude(begun, { ...entry, status }, serving, run.inputs.keepReleases);
}

function statusOf({ outputs }: Facts, release: string, serving: string): ReleaseStatus {
  if (serving === release) return 'live';
  return outputs.verdict === 'rolled-back' ? 'rolled-back' : 'failed';
}

function rolloutMemory({ inputs }: Run, { hosts }: Scene, release: Release) {
  return {
    instanceIds: hosts.map(({ instanceId }) => instanceId),
    commandIds: [] as string[],
    release: release.id,
    image: release.image,
    hostPort: release.settings.hostPort,
    healthTimeout: inputs.healthTimeout,
    keepReleases: inputs.keepReleases,
  };
}

/** @returns the release that serves now; empty if none does, or nobody knows */
async function carryOut(
  run: Run,
  facts: Facts,
  scene: Scene,
  given: Pick<RolloutFacts, 'release' | 'migrateCommand'>,
): Promise<string> {
  const { release } = given;
  const seconds = secondsUntil(run.deadline);
  if (seconds === 0)
    throw new Problem('The timeout passed before the rollout began. Raise the input timeout.');
  const rollout = { ...given, run: run.holder, deadline: hostTimeIn(seconds) };
  const count = scene.hosts.length > 1 ? ` on ${scene.hosts.length} hosts` : '';
  run.log(`Rolling out ${release.id} by ${release.strategy}${count}`);
  const { verdict, serving, reason } = await runStages(run, facts, scene, rollout);
  facts.outputs.verdict = verdict;
  facts.reason = reason;
  if (serving === release.id) await writeLivePlan(run, facts, scene.records, rollout);
  remember(run, facts, { rollout: undefined });
  return serving;
}

async function writeLivePlan(run: Run, facts: Facts, records: Records, rollout: RolloutFacts): Promise<void> {
  if (await records.writeLivePlan(livePlan(run.inputs, rollout))) return;
  note(
    run,
    facts,
    'The settings of this release are too large for Parameter Store: a host that is replaced comes up on the release before.',
  );
}

// --- stage by stage --------------------------------------------------------------------------------------------------

/** Less than this before the deadline, hosts would go back by themselves while a stage brings others forward. */
const leastSeconds = 10;

async function runStages(run: Run, facts: Facts, scene: Scene, rollout: RolloutFacts): Promise<FleetVerdict> {
  const all = scene.hosts.map(({ instanceId }) => instanceId);
  const plan = stages(all, run.inputs.batchSize, rollout.migrateCommand.length > 0);
  let present = all;
  for (const stage of plan) {
    const instanceIds = stage.instanceIds.filter((id) => present.includes(id));
    if (instanceIds.length === 0) continue;
    if (stage !== plan[0] && secondsUntil(run.deadline) < leastSeconds)
      return takeBack(run, facts, scene, rollout, { failed: [], present, late: true });
    const failed = await runStage(run, facts, scene, rollout, { ...stage, instanceIds });
    if (failed.length === 0) continue;
    const gone = await noteGone(run, facts, scene, failed);
    present = present.filter((id) => !gone.includes(id));
    const trouble = failed.filter(({ instanceId }) => present.includes(instanceId));
    if (trouble.length > 0 || present.length === 0)
      return takeBack(run, facts, scene, rollout, { failed: trouble, present, late: false });
  }
  return { verdict: 'deployed', serving: rollout.release.id, reason: '' };
}

/** @returns the hosts that did not do what they were to do, with how the command ended there */
async function runStage(
  run: Run,
  facts: Facts,
  scene: Scene,
  rollout: RolloutFacts,
  stage: Stage,
): Promise<HostRun[]> {
  const failed = await runVerbs(run, facts, scene, rollout, stage);
  if (stage.verbs !== 'settle' || failed.length === 0 || failed.length === stage.instanceIds.length)
    return failed;
  // The others have given the old release up: on the new one all can still meet.
  const behind = failed.map(({ instanceId }) => instanceId);
  run.log(`${behind.join(', ')} did not settle: rolling out there once more`);
  return runVerbs(run, facts, scene, rollout, { verbs: 'prepare switch settle', instanceIds: behind });
}

async function runVerbs(
  run: Run,
  facts: Facts,
  scene: Scene,
  rollout: RolloutFacts,
  { verbs, instanceIds }: Stage,
): Promise<HostRun[]> {
  const { inputs } = run;
  if (scene.hosts.length > 1) run.log(`${verbs}: ${instanceIds.join(', ')}`);
  const commandIds: string[] = [];
  const runs = await runPlan(scene.runCommand, instanceIds, rolloutPlan(inputs, rollout, verbs), {
    document: inputs.ssmDocument,
    comment: `ec2-deploy: roll out ${inputs.appName} ${rollout.release.id} (${verbs})`,
    executionTimeout: secondsUntil(run.deadline) + wayBackSeconds(inputs),
    sent: (commandId) => {
      facts.commandIds.push(commandId);
      commandIds.push(commandId);
      const memory = { ...rolloutMemory(run, scene, rollout.release), commandIds };
      remember(run, facts, { rollout: memory });
      run.log(`Command ${commandId}: ${consoleUrl(inputs.region, commandId)}`);
    },
    gone: (ids) => goneFrom(scene.source, ids),
  });
  facts.hostRuns.push(...runs);
  for (const hostRun of runs) noteRemarks(run, facts, scene, hostRun);
  return runs.filter((hostRun) => !['deployed', 'under-way'].includes(judge(hostRun).verdict));
}

function noteRemarks(run: Run, facts: Facts, { hosts }: Scene, { instanceId, report }: HostRun): void {
  const where = hosts.length > 1 ? `${instanceId}: ` : '';
  if (report.metricsProblem !== '')
    note(run, facts, `${where}The release serves, but its metrics do not: ${report.metricsProblem}`);
  if (report.drainExpired)
    note(
      run,
      facts,
      `${where}Requests to the old release were still running after drain-timeout (${run.inputs.drainTimeout} s) and were cut.`,
    );
}

/** An instance that was terminated meanwhile is no failure where hosts come and go. */
async function noteGone(run: Run, facts: Facts, { source }: Scene, failed: HostRun[]): Promise<string[]> {
  const gone = await goneFrom(
    source,
    failed.map(({ instanceId }) => instanceId),
  );
  for (const id of gone) note(run, facts, `The instance ${id} went away during the rollout.`);
  return gone;
}

// --- the way back ----------------------------------------------------------------------------------------------------

/** Where a rollout stands that does not go on. */
interface Trouble {
  /** How the stage ended on the hosts that did not get through it. */
  failed: HostRun[];
  /** Ids of the hosts of the rollout that are still there. */
  present: string[];
  /** Whether the timeout is what ended it. */
  late: boolean;
}

async function takeBack(
  run: Run,
  facts: Facts,
  scene: Scene,
  { release }: RolloutFacts,
  { failed, present, late }: Trouble,
): Promise<FleetVerdict> {
  if (present.length === 0)
    return { verdict: 'failed', serving: '', reason: 'All hosts went away during the rollout.' };
  facts.dossier = dossierOf(run, failed, release);
  const cause = late
    ? 'The timeout passed before the rollout had ended on all hosts. Raise the input timeout.'
    : causeOf(failed, scene.hosts.length);
  return ownVerdict(scene, failed) ?? bringAllBack(run, facts, scene, { failed, present, cause });
}

function dossierOf({ inputs }: Run, failed: HostRun[], release: Release): Dossier | undefined {
  const failure = failed.find(({ report }) => report.failure !== undefined)?.report.failure;
  if (failure === undefined) return undefined;
  const { settings: container, healthPath } = release;
  return writeDossier(failure, { container, healthPath, healthTimeout: inputs.healthTimeout });
}

/** A single host that had time to say why it failed has gone back by itself, and has said that too. */
function ownVerdict({ hosts }: Scene, [only]: HostRun[]): FleetVerdict | undefined {
  if (hosts.length > 1 || only === undefined) return undefined;
  const judgement = judge(only);
  if (judgement.verdict !== 'rolled-back' && judgement.verdict !== 'failed') return undefined;
  return { ...judgement, serving: only.report.serving };
}

async function bringAllBack(
  run: Run,
  facts: Facts,
  scene: Scene,
  { failed, present, cause }: { failed: HostRun[]; present: string[]; cause: string },
): Promise<FleetVerdict> {
  const { rollout } = facts.memory;
  if (rollout === undefined) throw new Problem(cause);
  run.log(`${cause} Bringing back ${present.join(', ')}`);
  const cutOff = { ...facts.memory, rollout: { ...rollout, instanceIds: present } };
  const ways = await bringBack(scene.runCommand, cutOff, (id) => facts.commandIds.push(id)).catch(
    (error: Error) => {
      throw new Problem(
        `${cause} What serves there is unknown until the host is reached again; it ends the rollout or goes back by itself. ${error.message}`,
        { cause: error },
      );
    },
  );
  return judgeWaysBack(ways, rollout.release, cause, failed.some(isMigrationFailure));
}

function consoleUrl(region: string, commandId: string): string {
  return `https://${region}.console.aws.amazon.com/systems-manager/run-command/${commandId}?region=${region}`;
}
