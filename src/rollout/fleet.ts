import { hostsPerCall, type Invocation, type RunCommand, UnreachableHosts } from '../aws/ssm.ts';
import { chunksOf } from '../chunks.ts';
import { type Deadline, deadlineIn, poll } from '../clock.ts';
import { hostProgram } from '../host/program.ts';
import {
  type HostCommand,
  type HostPlan,
  type HostReport,
  hostCommand,
  readHostReport,
} from '../host/protocol.ts';
import { Problem } from '../problem.ts';

/** How a command ended on one host, and what the host program said. */
export interface HostRun {
  instanceId: string;
  /** As Run Command says it: `Success`, `Failed`, `DeliveryTimedOut`, `Undeliverable`…; `Unknown` if it did not say in time. */
  status: string;
  report: HostReport;
}

export interface PlanOptions {
  /** Name of the SSM document that holds the host program; empty to send the program along. */
  document: string;
  comment: string;
  /** Seconds that the hosts may take. */
  executionTimeout: number;
  /** Called as soon as a command is on its way; a command has up to fifty hosts. */
  sent: (commandId: string) => void;
  /** Which of these hosts are no longer there; asked now and then while their answers are waited for. */
  gone?: (instanceIds: string[]) => Promise<string[]>;
}

/** Run Command has a delivery time besides the script's own; after both, no answer will come. */
const deliveryMargin = 90;
/** Milliseconds between two questions whether a host that does not answer is still there: Run Command does not say. */
const goneInterval = 10_000;
/** A new command may not be listed at once (boto3#2701). */
const appearanceGrace = 30;

/**
 * Runs one plan on all hosts, and waits until it has ended on each.
 * @returns one run a host; `Undeliverable` for one of several that cannot be reached
 * @throws UnreachableHosts if the only host cannot be reached
 */
export async function runPlan(
  runCommand: RunCommand,
  instanceIds: string[],
  plan: HostPlan,
  options: PlanOptions,
): Promise<HostRun[]> {
  const command = hostCommand(options.document, await hostProgram(), plan);
  if (instanceIds.length === 1) return runOn(runCommand, instanceIds, command, options);
  const runs = await Promise.all(
    chunksOf(instanceIds, hostsPerCall).map((some) => runOnReachable(runCommand, some, command, options)),
  );
  return runs.flat();
}

/** One host that is gone keeps a command from all others of its chunk: then each gets one of its own. */
async function runOnReachable(
  runCommand: RunCommand,
  instanceIds: string[],
  command: HostCommand,
  options: PlanOptions,
): Promise<HostRun[]> {
  try {
    return await runOn(runCommand, instanceIds, command, options);
  } catch (error) {
    if (!(error instanceof UnreachableHosts)) throw error;
    if (instanceIds.length > 1) {
      const runs = instanceIds.map((id) => runOnReachable(runCommand, [id], command, options));
      return (await Promise.all(runs)).flat();
    }
    return instanceIds.map((instanceId) => ({
      instanceId,
      status: 'Undeliverable',
      report: readHostReport(''),
    }));
  }
}

async function runOn(
  runCommand: RunCommand,
  instanceIds: string[],
  command: HostCommand,
  options: PlanOptions,
): Promise<HostRun[]> {
  const commandId = await runCommand.send(instanceIds, command, options);
  options.sent(commandId);
  const deadline = deadlineIn(options.executionTimeout + deliveryMargin);
  const invocations = await waitForEnd(runCommand, commandId, instanceIds, deadline, options.gone);
  return Promise.all(invocations.map((invocation) => readRun(runCommand, commandId, invocation)));
}

/**
 * Waits until the command has ended on every host that is still there.
 * @returns one invocation a host: `Gone` for one that is not there any more, `Unknown` where the service did not say in time
 */
async function waitForEnd(
  runCommand: RunCommand,
  commandId: string,
  instanceIds: string[],
  deadline: Deadline,
  gone: (instanceIds: string[]) => Promise<string[]> = async () => [],
): Promise<Invocation[]> {
  const appearsBy = deadlineIn(appearanceGrace);
  const ended = new Map<string, Invocation>();
  const isOpen = (instanceId: string) => !ended.has(instanceId);
  let asksAgain = Date.now() + goneInterval;
  await poll({ deadline, ...pace }, async () => {
    const latest = await runCommand.invocations(commandId);
    if (latest.length === 0 && Date.now() > appearsBy) throw unknownCommand(commandId);
    for (const invocation of latest) if (invocation.ended) ended.set(invocation.instanceId, invocation);
    if (Date.now() > asksAgain) {
      for (const id of await gone(instanceIds.filter(isOpen))) ended.set(id, silent(id, 'Gone'));
      asksAgain = Date.now() + goneInterval;
    }
    return instanceIds.some(isOpen) ? undefined : true;
  });
  return instanceIds.map((instanceId) => ended.get(instanceId) ?? silent(instanceId, 'Unknown'));
}

const pace = { shortest: 400, longest: 3000 };

function silent(instanceId: string, status: string): Invocation {
  return { instanceId, status, ended: true, output: '' };
}

/** Stops a command wherever it runs, and waits until its hosts say so. There is no guarantee that they do. */
export async function stopCommand(
  runCommand: RunCommand,
  commandId: string,
  deadline: Deadline,
): Promise<void> {
  await runCommand.cancel(commandId);
  await poll({ deadline, ...pace }, async () => {
    const invocations = await runCommand.invocations(commandId);
    return invocations.length > 0 && invocations.every(({ ended }) => ended) ? true : undefined;
  });
}

function unknownCommand(commandId: string): Problem {
  return new Problem(
    `Systems Manager took the command ${commandId} and does not list it after ${appearanceGrace} s. Run the job again.`,
  );
}

async function readRun(
  runCommand: RunCommand,
  commandId: string,
  { instanceId, status, output }: Invocation,
): Promise<HostRun> {
  const whole = output ?? (await runCommand.output(commandId, instanceId));
  return { instanceId, status, report: readHostReport(whole) };
}
