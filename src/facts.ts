import { secondsSince } from './clock.ts';
import { nothingKnown, type Outputs, type Report, type StepReport } from './outputs.ts';
import type { Release } from './release/release.ts';
import type { Dossier } from './report/dossier.ts';
import type { HostRun } from './rollout/fleet.ts';
import type { Memory, Run } from './run.ts';

/** How a story ended, for the outputs, the summary and the annotations. */
export interface Result {
  outputs: Outputs;
  report: Report;
  /** Why the story did not end well; empty if it did. */
  reason: string;
  dossier: Dossier | undefined;
  notes: string[];
}

/** What is known so far: whatever happens, the outputs tell it. */
export interface Facts {
  outputs: Outputs;
  /** How the release is or was rolled out; empty until that is known. */
  strategy: string;
  reason: string;
  dossier: Dossier | undefined;
  notes: string[];
  commandIds: string[];
  hostRuns: HostRun[];
  memory: Memory;
}

/**
 * Tells a story to its end; never throws: what went wrong is the result's verdict and reason.
 * @param story changes the facts as it goes
 */
export async function tell(run: Run, story: (facts: Facts) => Promise<void>): Promise<Result> {
  const facts = nothingYet(run);
  try {
    await story(facts);
  } catch (error) {
    facts.outputs.verdict = 'failed';
    facts.reason = error instanceof Error ? error.message : String(error);
  }
  return conclude(run, facts);
}

/** Tells of a release that the ledger has. */
export function tellOf(facts: Facts, { image, digest, strategy }: Release, url: string): void {
  facts.outputs.image = image;
  facts.outputs.imageDigest = digest;
  facts.outputs.url = url;
  facts.strategy = strategy;
}

/** Keeps what the post step needs from now on. */
export function remember(run: Run, facts: Facts, change: Partial<Memory>): void {
  facts.memory = { ...facts.memory, ...change };
  run.remember(facts.memory);
}

/** Tells the user something that does not change the verdict. */
export function note(run: Run, facts: Facts, text: string): void {
  facts.notes.push(text);
  run.warn(text);
}

function nothingYet({ inputs, holder }: Run): Facts {
  return {
    outputs: { ...nothingKnown },
    strategy: '',
    reason: '',
    dossier: undefined,
    notes: [],
    commandIds: [],
    hostRuns: [],
    memory: {
      region: inputs.region,
      appName: inputs.appName,
      ssmDocument: inputs.ssmDocument,
      holder,
      dockerConfig: '',
      leaseAsked: false,
      rollout: undefined,
    },
  };
}

function conclude(run: Run, facts: Facts): Result {
  const report = reportOf(run, facts);
  const { commandIds, reason, dossier, notes } = facts;
  const outputs = { ...facts.outputs, commandIds, durationSeconds: report.durationSeconds, report };
  return { outputs, report, reason, dossier, notes };
}

function reportOf(run: Run, { outputs, strategy, hostRuns, reason }: Facts): Report {
  const gaps = hostRuns.flatMap(({ report }) => report.gapMilliseconds ?? []);
  return {
    app: run.inputs.appName,
    verdict: outputs.verdict,
    release: outputs.release,
    previousRelease: outputs.previousRelease,
    digest: outputs.imageDigest,
    strategy,
    hosts: [...stepsByHost(hostRuns)].map(([instanceId, steps]) => ({ instanceId, steps })),
    durationSeconds: secondsSince(run.startedAt),
    ...(gaps.length === 0 ? {} : { gapMilliseconds: Math.max(...gaps) }),
    ...(reason === '' ? {} : { reason }),
  };
}

/** A host carries out a rollout in one command or in several. */
function stepsByHost(hostRuns: HostRun[]): Map<string, StepReport[]> {
  const hosts = new Map<string, StepReport[]>();
  for (const { instanceId, report } of hostRuns)
    hosts.set(instanceId, [...(hosts.get(instanceId) ?? []), ...report.steps]);
  return hosts;
}
