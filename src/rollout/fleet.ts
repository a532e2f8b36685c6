import type { Invocation, RunCommand } from '../aws/ssm.ts';
import { type Deadline, deadlineIn, poll } from '../clock.ts';
import { hostProgram } from '../host/program.ts';
import { type HostPlan, type HostReport, hostCommand, readHostReport } from '../host/protocol.ts';
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
  /** Seconds that the host may take. */
  executionTimeout: number;
  /** Called as soon as the command is on its way. */
  sent: (commandId: string) => void;
}

/** Run Command has a delivery time besides the script's own; after both, no answer will come. */
const deliveryMargin = 90;
/** A new command may not be listed at once (boto3#2701). */
const appearanceGrace = 30;

/** Runs one plan on all hosts with one command, and waits until it has ended on each. */
export async function runPlan(
  runCommand: RunCommand,
  instanceIds: string[],
  plan: HostPlan,
  options: PlanOptions,
): Promise<HostRun[]> {
  const command = hostCommand(options.document, await hostProgram(), plan);
  const commandId = await runCommand.send(instanceIds, command, options);
  options.sent(commandId);
  const deadline = deadlineIn(options.executionTimeout + deliveryMargin);
  const invocations = await waitForEnd(runCommand, commandId, instanceIds, deadline);
  return Promise.all(invocations.map((invocation) => readRun(runCommand, commandId, invocation)));
}

/**
 * Waits until the command has ended on every host.
 * @returns one invocation a host, `Unknown` where the service did not say in time
 */
export async function waitForEnd(
  runCommand: RunCommand,
  commandId: string,
  instanceIds: string[],
  deadline: Deadline,
): Promise<Invocation[]> {
  const appearsBy = deadlineIn(appearanceGrace);
  let latest: Invocation[] = [];
  const pace = { deadline, shortest: 400, longest: 3000 };
  await poll(pace, async () => {
    latest = await runCommand.invocations(commandId);
    if (latest.length === 0 && Date.now() > appearsBy) throw unknownCommand(commandId);
    return latest.length === instanceIds.length && latest.every(({ ended }) => ended) ? true : undefined;
  });
  return instanceIds.map(
    (instanceId) =>
      latest.find((invocation) => invocation.instanceId === instanceId && invocation.ended) ?? {
        instanceId,
        status: 'Unknown',
        ended: false,
      },
  );
}

function unknownCommand(commandId: string): Problem {
  return new Problem(
    `Systems Manager took the command ${commandId} and does not list it after ${appearanceGrace} s. Run the job again.`,
  );
}

async function readRun(
  runCommand: RunCommand,
  commandId: string,
  { instanceId, status, ended }: Invocation,
): Promise<HostRun> {
  const output = ended ? await runCommand.output(commandId, instanceId) : '';
  return { instanceId, status, report: readHostReport(output) };
}
