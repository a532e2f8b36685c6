import type { Host } from './aws/ec2.ts';
import type { RunCommand } from './aws/ssm.ts';
import { deadlineIn, secondsSince, secondsUntil } from './clock.ts';
import { type Destination, discover } from './discover.ts';
import { openRecords, openRunCommand, openStacks } from './doors.ts';
import type { HostPlan, HostReport } from './host/protocol.ts';
import type { Inputs } from './inputs.ts';
import { nothingKnown, type Outputs, type Report } from './outputs.ts';
import { Problem } from './problem.ts';
import { type ProvidedImage, provideImage } from './provide-image.ts';
import { releaseLease } from './release/lease.ts';
import { type LedgerEntry, nextReleaseId } from './release/ledger.ts';
import { type Release, settingsDigest } from './release/release.ts';
import { type Dossier, writeDossier } from './report/dossier.ts';
import { bringBack } from './rollout/bring-back.ts';
import { type HostRun, runPlan } from './rollout/fleet.ts';
import { takeLease } from './rollout/lease.ts';
import { inspectPlan, livePlan, rolloutPlan } from './rollout/plan.ts';
import { waitUntilOnline, waitUntilRunning } from './rollout/readiness.ts';
import type { Records } from './rollout/records.ts';
import { judge } from './rollout/verdict.ts';
import type { Memory, RolloutMemory, Run } from './run.ts';

/** How a deploy ended, for the outputs, the summary and the annotations. */
export interface Result {
  outputs: Outputs;
  report: Report;
  /** Why the verdict is not `deployed`; empty if it is. */
  reason: string;
  dossier: Dossier | undefined;
  notes: string[];
}

/** What is known so far: whatever happens, the outputs tell it. */
interface Facts {
  outputs: Outputs;
  reason: string;
  dossier: Dossier | undefined;
  notes: string[];
  commandIds: string[];
  hostRuns: HostRun[];
  memory: Memory;
}

/** Builds, waits, rolls out and proves; never throws: what went wrong is the result's verdict and reason. */
export async function deploy(run: Run): Promise<Result> {
  const facts = nothingYet(run);
  try {
    await carryOut(run, facts);
  } catch (error) {
    facts.outputs.verdict = 'failed';
    facts.reason = error instanceof Error ? error.message : String(error);
  }
  return conclude(run, facts);
}

async function carryOut(run: Run, facts: Facts): Promise<void> {
  const { inputs } = run;
  const destination = await discover(inputs, () => openStacks(inputs.region));
  facts.outputs.instanceIds = destination.instanceIds;
  const hosts = await findHosts(run, destination);
  facts.outputs.url = urlOf(hosts, inputs.container.hostPort);
  const runCommand = await openRunCommand(inputs.region);
  const [image, inspection] = await Promise.all([
    prepareImage(run, facts, destination, hosts),
    waitForHosts(run, facts, runCommand, destination.instanceIds),
  ]);
  facts.outputs.image = image.image;
  facts.outputs.imageDigest = image.digest;
  const records = await openRecords(inputs.region, inputs.appName);
  await withLease(run, facts, records, () =>
    rollOut(run, facts, { runCommand, records, image, inspection, instanceIds: destination.instanceIds }),
  );
}

// --- what has to be there --------------------------------------------------------------------------------------------

async function findHosts(run: Run, { instanceIds }: Destination): Promise<Host[]> {
  const { Instances } = await import('./aws/ec2.ts');
  run.log(`Waiting for ${instanceIds.join(', ')}`);
  const deadline = deadlineIn(run.inputs.waitForInstance);
  return waitUntilRunning(new Instances(run.inputs.region), instanceIds, deadline);
}

async function prepareImage(
  run: Run,
  facts: Facts,
  destination: Destination,
  hosts: Host[],
): Promise<ProvidedImage> {
  const { Registry } = await import('./aws/ecr.ts');
  const platform = `linux/${hosts[0]?.architecture ?? 'amd64'}`;
  const registry = new Registry(run.inputs.region);
  const image = await provideImage(run, registry, destination.repository, platform, (dockerConfig) =>
    remember(run, facts, { dockerConfig }),
  );
  run.log(`The image is ${image.image}`);
  return image;
}

async function waitForHosts(
  run: Run,
  facts: Facts,
  runCommand: RunCommand,
  instanceIds: string[],
): Promise<HostReport> {
  const started = Date.now();
  const deadline = deadlineIn(run.inputs.waitForInstance);
  await waitUntilOnline(runCommand, instanceIds, deadline);
  const report = await inspect(run, facts, runCommand, instanceIds, secondsUntil(deadline));
  run.log(
    `The host is ready: docker ${report.engine}, ${report.architecture} (after ${secondsSince(started)} s)`,
  );
  if (report.boot === 'error') {
    note(
      run,
      facts,
      'The user data of the host ended with an error; see /var/log/cloud-init-output.log there.',
    );
  }
  return report;
}

/** Asks the host whether its boot has ended, its engine answers, its secrets can be read, and what is live. */
async function inspect(
  run: Run,
  facts: Facts,
  runCommand: RunCommand,
  instanceIds: string[],
  seconds: number,
): Promise<HostReport> {
  const allowed = Math.max(seconds, 30);
  const [hostRun] = await runPlan(runCommand, instanceIds, inspectPlan(run.inputs, secondsFromNow(allowed)), {
    document: run.inputs.ssmDocument,
    comment: `ec2-deploy: inspect ${run.inputs.appName}`,
    executionTimeout: allowed,
    sent: (id) => facts.commandIds.push(id),
  });
  if (hostRun !== undefined) await requireSameProgram(run, hostRun.report);
  if (hostRun?.status === 'Success') return hostRun.report;
  const judgement = hostRun && judge(hostRun);
  throw new Problem(
    `The host ${instanceIds.join(', ')} is not ready: ${hostRun?.report.failure?.text ?? (judgement && 'reason' in judgement ? judgement.reason : '')}`,
  );
}

/** A document keeps the host program of the day on which it was made. */
async function requireSameProgram({ inputs }: Run, { program }: HostReport): Promise<void> {
  const { ssmDocument } = inputs;
  if (ssmDocument === '' || program === '') return;
  const { hostProgram, programDigest } = await import('./host/program.ts');
  if (program === programDigest(await hostProgram())) return;
  throw new Problem(
    `The SSM document ${ssmDocument} holds the host program of another version of this action. ` +
      'Deploy infra-template/host-document.yaml of the version that the workflow uses.',
  );
}

// --- the rollout -----------------------------------------------------------------------------------------------------

/** Takes the lease, and gives it back whatever happens. */
async function withLease(
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

interface Scene {
  runCommand: RunCommand;
  records: Records;
  image: ProvidedImage;
  inspection: HostReport;
  instanceIds: string[];
}

async function rollOut(run: Run, facts: Facts, scene: Scene): Promise<void> {
  const ledger = await scene.records.ledger();
  const { live } = await upToDate(run, facts, scene, ledger.live);
  facts.outputs.previousRelease = live?.release ?? '';
  if (live !== undefined && isUnchanged(run, scene, live)) {
    facts.outputs.verdict = 'unchanged';
    facts.outputs.release = live.release;
    return;
  }
  const release = newRelease(
    run,
    scene.image,
    nextReleaseId(ledger, [live?.release ?? ''], scene.image.digest),
  );
  facts.outputs.release = release.id;
  const entry = newEntry(run, release);
  // Before the first word of it is written: the post step of a run that is cut off concludes what it finds begun.
  remember(run, facts, { rollout: rolloutMemory(run, scene, release) });
  const begun = await scene.records.begin(ledger, entry);
  await runRollout(run, facts, scene, release);
  const { verdict } = facts.outputs;
  const serving = verdict === 'deployed' ? release.id : facts.outputs.previousRelease;
  const status = verdict === 'deployed' ? 'live' : verdict === 'rolled-back' ? 'rolled-back' : 'failed';
  await scene.records.conclude(begun, { ...entry, status }, serving, run.inputs.keepReleases);
}

/** While this run waited for the lease, another may have changed what is live. */
async function upToDate(run: Run, facts: Facts, scene: Scene, liveInLedger: string): Promise<HostReport> {
  if ((scene.inspection.live?.release ?? '') === liveInLedger) return scene.inspection;
  return inspect(run, facts, scene.runCommand, scene.instanceIds, secondsUntil(run.deadline));
}

function isUnchanged(run: Run, { image }: Scene, live: NonNullable<HostReport['live']>): boolean {
  const { container, strategy } = run.inputs;
  return (
    live.digest === image.digest &&
    live.settings === settingsDigest(container, strategy) &&
    live.environment === 'same' &&
    live.serving
  );
}

function newRelease(run: Run, { digest, image }: ProvidedImage, id: string): Release {
  return { id, digest, image, settings: run.inputs.container, strategy: run.inputs.strategy };
}

function newEntry(run: Run, release: Release): LedgerEntry {
  return {
    ...release,
    status: 'rolling-out',
    startedAt: new Date().toISOString(),
    commit: run.commit,
    runUrl: run.runUrl,
  };
}

/** Time that a host may need beyond the deadline to go back: the old release gets healthy, the new one stops. */
function wayBackSeconds({ healthTimeout, drainTimeout }: Inputs): number {
  return healthTimeout + drainTimeout + 30;
}

function rolloutMemory({ inputs }: Run, { instanceIds }: Scene, release: Release): RolloutMemory {
  return {
    instanceIds,
    commandId: '',
    release: release.id,
    image: release.image,
    hostPort: inputs.container.hostPort,
    healthTimeout: inputs.healthTimeout,
    keepReleases: inputs.keepReleases,
  };
}

async function runRollout(run: Run, facts: Facts, scene: Scene, release: Release): Promise<void> {
  const { inputs } = run;
  const seconds = secondsUntil(run.deadline);
  if (seconds === 0)
    throw new Problem('The timeout passed before the rollout began. Raise the input timeout.');
  run.log(`Rolling out ${release.id} by ${inputs.strategy}`);
  const rollout = {
    release,
    run: run.holder,
    registry: scene.image.registry,
    imageBytes: scene.image.bytes,
    deadline: secondsFromNow(seconds),
  };
  facts.hostRuns = await runPlan(scene.runCommand, scene.instanceIds, rolloutPlan(inputs, rollout), {
    document: inputs.ssmDocument,
    comment: `ec2-deploy: roll out ${inputs.appName} ${release.id}`,
    executionTimeout: seconds + wayBackSeconds(inputs),
    sent: (commandId) => {
      facts.commandIds.push(commandId);
      remember(run, facts, { rollout: { ...rolloutMemory(run, scene, release), commandId } });
      run.log(`Command ${commandId}: ${consoleUrl(inputs.region, commandId)}`);
    },
  });
  await takeVerdict(run, facts, scene.runCommand);
  if (facts.outputs.verdict === 'deployed')
    await writeLivePlan(run, facts, scene.records, livePlan(inputs, rollout));
  remember(run, facts, { rollout: undefined });
}

async function writeLivePlan(run: Run, facts: Facts, records: Records, plan: HostPlan): Promise<void> {
  if (await records.writeLivePlan(plan)) return;
  note(
    run,
    facts,
    'The settings of this release are too large for Parameter Store: a host that is replaced comes up on the release before.',
  );
}

async function takeVerdict(run: Run, facts: Facts, runCommand: RunCommand): Promise<void> {
  const [hostRun] = facts.hostRuns;
  if (hostRun === undefined) throw new Problem('The rollout ran on no host.');
  const { failure } = hostRun.report;
  if (failure !== undefined) facts.dossier = writeDossier(failure, run.inputs);
  const judgement = judge(hostRun);
  if (judgement.verdict === 'undetermined') {
    await settleDoubt(run, facts, runCommand, judgement.reason);
    return;
  }
  facts.outputs.verdict = judgement.verdict;
  if ('reason' in judgement) facts.reason = judgement.reason;
  const { metricsProblem } = hostRun.report;
  if (metricsProblem !== '')
    note(run, facts, `The release serves, but its metrics do not: ${metricsProblem}`);
  if (hostRun.report.drainExpired) {
    note(
      run,
      facts,
      `Requests to the old release were still running after drain-timeout (${run.inputs.drainTimeout} s) and were cut.`,
    );
  }
}

/** The command ended without a word from the host: ask it again, and bring it back. */
async function settleDoubt(run: Run, facts: Facts, runCommand: RunCommand, reason: string): Promise<void> {
  run.log(`${reason} Bringing the host back`);
  const { rollout } = facts.memory;
  if (rollout === undefined) throw new Problem(reason);
  const back = await bringBack(runCommand, { ...facts.memory, rollout }, (id) =>
    facts.commandIds.push(id),
  ).catch((error: Error) => {
    throw new Problem(
      `${reason} What serves there is unknown until the host is reached again; it ends the rollout or goes back by itself. ${error.message}`,
      { cause: error },
    );
  });
  facts.outputs.verdict =
    back.serving === rollout.release ? 'deployed' : back.serving === '' ? 'failed' : 'rolled-back';
  facts.reason = facts.outputs.verdict === 'deployed' ? '' : `${reason} ${back.text}`;
}

// --- the result ------------------------------------------------------------------------------------------------------

function conclude(run: Run, facts: Facts): Result {
  const report = reportOf(run, facts);
  const { commandIds, reason, dossier, notes } = facts;
  const outputs = { ...facts.outputs, commandIds, durationSeconds: report.durationSeconds, report };
  return { outputs, report, reason, dossier, notes };
}

function reportOf(run: Run, { outputs, hostRuns, reason }: Facts): Report {
  const gap = hostRuns[0]?.report.gapMilliseconds;
  return {
    app: run.inputs.appName,
    verdict: outputs.verdict,
    release: outputs.release,
    previousRelease: outputs.previousRelease,
    digest: outputs.imageDigest,
    hosts: hostRuns.map(({ instanceId, report }) => ({ instanceId, steps: report.steps })),
    durationSeconds: secondsSince(run.startedAt),
    ...(gap === undefined ? {} : { gapMilliseconds: gap }),
    ...(reason === '' ? {} : { reason }),
  };
}

function nothingYet(run: Run): Facts {
  const { inputs } = run;
  return {
    outputs: { ...nothingKnown },
    reason: '',
    dossier: undefined,
    notes: [],
    commandIds: [],
    hostRuns: [],
    memory: {
      region: inputs.region,
      appName: inputs.appName,
      ssmDocument: inputs.ssmDocument,
      holder: run.holder,
      dockerConfig: '',
      leaseAsked: false,
      rollout: undefined,
    },
  };
}

function remember(run: Run, facts: Facts, change: Partial<Memory>): void {
  facts.memory = { ...facts.memory, ...change };
  run.remember(facts.memory);
}

function note(run: Run, facts: Facts, text: string): void {
  facts.notes.push(text);
  run.warn(text);
}

function urlOf([host]: Host[], hostPort: number): string {
  if (host === undefined || host.publicAddress === '') return '';
  return `http://${host.publicAddress}${hostPort === 80 ? '' : `:${hostPort}`}`;
}

function consoleUrl(region: string, commandId: string): string {
  return `https://${region}.console.aws.amazon.com/systems-manager/run-command/${commandId}?region=${region}`;
}

/** Seconds since the epoch, as the host counts. */
function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}
