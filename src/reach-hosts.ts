// What has to be there before anything is rolled out: hosts that run, whose agents answer and whose engines work.
import type { Host } from './aws/ec2.ts';
import type { RunCommand } from './aws/ssm.ts';
import { deadlineIn, hostTimeIn, secondsSince, secondsUntil } from './clock.ts';
import { type Destination, discover, type Wanted } from './discover.ts';
import { openStacks } from './doors.ts';
import { type Facts, note } from './facts.ts';
import type { HostReport } from './host/protocol.ts';
import type { ContainerSettings } from './inputs.ts';
import { Problem } from './problem.ts';
import { type HostRun, runPlan } from './rollout/fleet.ts';
import { inspectPlan } from './rollout/plan.ts';
import {
  goneFrom,
  type HostSource,
  namedHosts,
  taggedHosts,
  waitUntilOnline,
  waitUntilRunning,
} from './rollout/readiness.ts';
import { judge } from './rollout/verdict.ts';
import type { Run } from './run.ts';

/** A host that is ready, and what it said of itself. */
export interface ReadyHost {
  instanceId: string;
  report: HostReport;
}

/** Where a story takes place, once its instances run. */
export interface Found {
  destination: Destination;
  source: HostSource;
  instances: Host[];
}

/**
 * Discovers where the hosts are, and waits until all instances run.
 * @param wanted what a story asks for beside the hosts
 */
export async function findHosts(
  run: Run,
  facts: Facts,
  wanted: Pick<Wanted, 'repository' | 'builds'> = { repository: '', builds: false },
): Promise<Found> {
  const { target, region, waitForInstance } = run.inputs;
  const destination = await discover({ target, ...wanted }, () => openStacks(region));
  const source = await openHostSource(run, destination);
  run.log(`Waiting for ${source.name}`);
  const instances = await waitUntilRunning(source, deadlineIn(waitForInstance));
  facts.outputs.instanceIds = instances.map(({ instanceId }) => instanceId);
  return { destination, source, instances };
}

async function openHostSource(run: Run, { hosts }: Destination): Promise<HostSource> {
  const { Instances } = await import('./aws/ec2.ts');
  const instances = new Instances(run.inputs.region);
  return hosts.kind === 'named'
    ? namedHosts(instances, hosts.instanceIds)
    : taggedHosts(instances, hosts.tags, hosts.name);
}

/** Where the app answers: at the load balancer, or on the first host. */
export function urlOf({ destination, instances: [host] }: Found, hostPort: number): string {
  if (destination.url !== '') return destination.url;
  if (host === undefined || host.publicAddress === '') return '';
  return `http://${host.publicAddress}${hostPort === 80 ? '' : `:${hostPort}`}`;
}

/**
 * Waits until every host is ready.
 * @param settings of the release that is to serve, whose secrets the hosts have to read
 */
export async function waitForHosts(
  run: Run,
  facts: Facts,
  runCommand: RunCommand,
  source: HostSource,
  settings: ContainerSettings,
): Promise<ReadyHost[]> {
  const started = Date.now();
  const deadline = deadlineIn(run.inputs.waitForInstance);
  const instanceIds = await waitUntilOnline(runCommand, source, deadline);
  const hosts = await inspect(run, facts, { runCommand, source, instanceIds, settings, deadline });
  if (hosts.length === 0) throw new Problem(`The hosts went away while they were asked: ${source.name}.`);
  facts.outputs.instanceIds = hosts.map(({ instanceId }) => instanceId);
  for (const { instanceId, report } of hosts) {
    run.log(
      `The host ${instanceId} is ready: docker ${report.engine}, ${report.architecture} (after ${secondsSince(started)} s)`,
    );
    if (report.boot !== 'error') continue;
    note(
      run,
      facts,
      `The user data of the host ${instanceId} ended with an error; see /var/log/cloud-init-output.log there.`,
    );
  }
  return hosts;
}

interface Question {
  runCommand: RunCommand;
  source: HostSource;
  instanceIds: string[];
  settings: ContainerSettings;
  /** In milliseconds since the epoch. */
  deadline: number;
}

/** A host whose time is over still says what it waited for, unless the agent kills its program first; a busy one takes seconds. */
const reportSeconds = 15;

/** Asks hosts whether their boot has ended, their engine answers, their secrets can be read, and what is live. */
async function inspect(run: Run, facts: Facts, question: Question): Promise<ReadyHost[]> {
  const { runCommand, source, instanceIds, settings } = question;
  const allowed = Math.max(secondsUntil(question.deadline), 30);
  const plan = inspectPlan(run.inputs, settings, hostTimeIn(allowed));
  const runs = await runPlan(runCommand, instanceIds, plan, {
    document: run.inputs.ssmDocument,
    comment: `ec2-deploy: inspect ${run.inputs.appName}`,
    executionTimeout: allowed + reportSeconds,
    sent: (id) => facts.commandIds.push(id),
    gone: (ids) => goneFrom(source, ids),
  });
  const silent = runs.filter(({ status }) => status !== 'Success').map(({ instanceId }) => instanceId);
  const gone = silent.length === 0 ? [] : await goneFrom(source, silent);
  const present = runs.filter(({ instanceId }) => !gone.includes(instanceId));
  for (const { report } of present) await requireSameProgram(run, report);
  const unready = present.filter(({ status }) => status !== 'Success');
  if (unready.length > 0) throw new Problem(unready.map(describeUnready).join('\n'));
  return present.map(({ instanceId, report }) => ({ instanceId, report }));
}

function describeUnready(hostRun: HostRun): string {
  const judgement = judge(hostRun);
  const why = hostRun.report.failure?.text ?? ('reason' in judgement ? judgement.reason : '');
  return `The host ${hostRun.instanceId} is not ready: ${why}`;
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
