import { setTimeout as delay } from 'node:timers/promises';
import type { HostDirectory } from '../../hosts/directory.ts';
import { ApiError } from '../api-error.ts';
import type { Moto } from '../moto.ts';
import {
  type Command,
  finishInvocation,
  type Invocation,
  type InvocationStatus,
  isTerminal,
  type PluginRun,
} from './command.ts';
import { answersCommands, restartHost, type ScriptEnd, startScript } from './host-script.ts';
import { combineStreams, truncateStream } from './output.ts';
import { resolveReferences } from './references.ts';
import type { StepPlan } from './substitution.ts';

export interface AgentOptions {
  directory: HostDirectory;
  moto: Moto;
  region: string;
  /** How long the agent takes to notice a command, in milliseconds. */
  deliverAfterMs: number;
}

// What the agent's own process has on Amazon Linux; no HOME, no USER.
const AGENT_ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin',
  LANG: 'en_US.UTF-8',
  AWS_SSM_PLATFORM_NAME: 'Amazon Linux',
  AWS_SSM_PLATFORM_VERSION: '2023',
};
const AGENT_DIRECTORY = '/usr/bin';
const MOST_COMMANDS_AT_ONCE = 5;
const EXIT_REBOOT = 194;
const EXIT_KILLED = 137;
const POLL_MS = 50;
// Node's timers can't wait longer.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Delivers one command to one host and runs it there, for real, until it ends or its time is over. */
export interface Agent {
  run(command: Command, invocation: Invocation): Promise<void>;
}

/** An agent for every host of a directory. */
export function createAgent(options: AgentOptions): Agent {
  const busy = new Map<string, number>();
  return {
    async run(command, invocation) {
      const expiry = setTimeout(
        () => finishInvocation(invocation, 'TimedOut', 'DeliveryTimedOut'),
        Math.min(command.expiresAfter.getTime() - Date.now(), LONGEST_TIMER_MS),
      );
      expiry.unref();
      try {
        if (await deliver(options, busy, command, invocation)) {
          await occupy(busy, invocation.instanceId, () => runSteps(options, command, invocation));
        }
      } finally {
        clearTimeout(expiry);
      }
    },
  };
}

/** Waits until the host's agent is there and has a free place; false when the invocation ended before that. */
async function deliver(
  { directory, deliverAfterMs }: AgentOptions,
  busy: Map<string, number>,
  command: Command,
  invocation: Invocation,
): Promise<boolean> {
  const { instanceId } = invocation;
  const deadline = command.requestedAt.getTime() + command.timeoutSeconds * 1000;
  await delay(deliverAfterMs);
  const ready = (): boolean =>
    directory.find(instanceId)?.agent === 'Online' && (busy.get(instanceId) ?? 0) < MOST_COMMANDS_AT_ONCE;
  await until(() => ready() || ended(invocation) || Date.now() > deadline);
  if (invocation.cancellation.signal.aborted) {
    finishInvocation(invocation, 'Cancelled', 'Cancelled');
  } else if (!ready()) {
    finishInvocation(invocation, 'TimedOut', 'DeliveryTimedOut');
  }
  return !isTerminal(invocation.status);
}

async function occupy(
  busy: Map<string, number>,
  instanceId: string,
  work: () => Promise<void>,
): Promise<void> {
  busy.set(instanceId, (busy.get(instanceId) ?? 0) + 1);
  try {
    await work();
  } finally {
    busy.set(instanceId, (busy.get(instanceId) ?? 1) - 1);
  }
}

async function runSteps(options: AgentOptions, command: Command, invocation: Invocation): Promise<void> {
  invocation.status = 'InProgress';
  invocation.statusDetails = 'InProgress';
  for (const [index, step] of command.steps.entries()) {
    const plugin = invocation.plugins[index];
    if (plugin !== undefined && !isTerminal(invocation.status)) {
      await runStep(options, command, invocation, step, plugin);
    }
  }
  // A result that the agent can't send is a result that nobody sees.
  await until(
    () => options.directory.find(invocation.instanceId)?.agent === 'Online' || isTerminal(invocation.status),
  );
  const [status, details] = summarize(invocation.plugins);
  finishInvocation(invocation, status, details);
}

async function runStep(
  options: AgentOptions,
  command: Command,
  invocation: Invocation,
  step: StepPlan,
  plugin: PluginRun,
): Promise<void> {
  plugin.startedAt = new Date();
  plugin.status = 'InProgress';
  plugin.statusDetails = 'InProgress';
  if (invocation.cancellation.signal.aborted) {
    return report(options, invocation, plugin, { status: 'Cancelled', end: emptyEnd(1) });
  }
  try {
    const script = await resolveReferences(options.moto, step.script);
    const outcome = await runScript(options, command, invocation, { ...step, script });
    await report(options, invocation, plugin, outcome);
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    await report(options, invocation, plugin, {
      status: 'Failed',
      end: { ...emptyEnd(1), failure: error.message },
    });
  }
}

interface Outcome {
  status: InvocationStatus;
  end: ScriptEnd;
}

/** Runs a script until it ends, is cancelled or takes too long; again after each reboot that it asks for. */
async function runScript(
  options: AgentOptions,
  command: Command,
  invocation: Invocation,
  step: StepPlan,
): Promise<Outcome> {
  for (;;) {
    const outcome = await runScriptOnce(options, command, invocation, step);
    if (outcome.end.exitCode !== EXIT_REBOOT || isTerminal(invocation.status)) {
      return outcome;
    }
    await reboot(options, invocation);
  }
}

async function runScriptOnce(
  options: AgentOptions,
  command: Command,
  invocation: Invocation,
  step: StepPlan,
): Promise<Outcome> {
  const host = options.directory.find(invocation.instanceId);
  const running = startScript({
    container: host?.container ?? '',
    orchestrationFolder: `/var/lib/amazon/ssm/${invocation.instanceId}/document/orchestration/${command.id}/${step.folder}`,
    stateFolder: `/run/ssm-agent-stand-in/${command.id}/${step.folder}`,
    workingDirectory: step.workingDirectory || AGENT_DIRECTORY,
    script: step.script,
    environment: {
      ...AGENT_ENVIRONMENT,
      ...step.environment,
      SSM_COMMAND_ID: command.id,
      AWS_SSM_INSTANCE_ID: invocation.instanceId,
      AWS_SSM_REGION_NAME: options.region,
    },
    region: options.region,
  });
  const stop = stopSignal(invocation, step.timeoutSeconds);
  const first = await Promise.race([running.ended, stop.reason]);
  stop.forget();
  if (first === 'Cancelled' || first === 'TimedOut') {
    const end = (await running.kill()) ?? emptyEnd(EXIT_KILLED);
    return { status: first, end: { ...end, failure: '' } };
  }
  return first === undefined ? lost(invocation) : { status: statusOfExit(first.exitCode), end: first };
}

type StopReason = 'Cancelled' | 'TimedOut';

function stopSignal(
  invocation: Invocation,
  seconds: number,
): { reason: Promise<StopReason>; forget(): void } {
  const { promise, resolve } = Promise.withResolvers<StopReason>();
  const timer = setTimeout(() => resolve('TimedOut'), seconds * 1000);
  const { signal } = invocation.cancellation;
  const cancel = (): void => resolve('Cancelled');
  if (signal.aborted) {
    cancel();
  }
  signal.addEventListener('abort', cancel);
  return {
    reason: promise,
    forget: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    },
  };
}

/** The host went away under the script: nobody reports, so the service waits until the command expires. */
async function lost(invocation: Invocation): Promise<Outcome> {
  await until(() => isTerminal(invocation.status));
  return { status: invocation.status, end: emptyEnd(-1) };
}

async function reboot({ directory }: AgentOptions, invocation: Invocation): Promise<void> {
  const container = directory.find(invocation.instanceId)?.container ?? '';
  await restartHost(container);
  while (!isTerminal(invocation.status)) {
    const online = directory.find(invocation.instanceId)?.agent === 'Online';
    if (online && (await answersCommands(container))) {
      return;
    }
    await delay(POLL_MS);
  }
}

/** The agent can't tell a script that exits with 137 from one that it killed itself, and takes it for timed out. */
function statusOfExit(exitCode: number): InvocationStatus {
  if (exitCode === 0) {
    return 'Success';
  }
  return exitCode === EXIT_KILLED ? 'TimedOut' : 'Failed';
}

/** Shows a step's outcome to the service, once the agent can reach it. */
async function report(
  { directory }: AgentOptions,
  invocation: Invocation,
  plugin: PluginRun,
  { status, end }: Outcome,
): Promise<void> {
  const finishedAt = new Date();
  await until(
    () => directory.find(invocation.instanceId)?.agent === 'Online' || isTerminal(invocation.status),
  );
  if (isTerminal(invocation.status)) {
    return;
  }
  const failure = status === 'Failed' ? `failed to run commands: ${end.failure}` : '';
  const standardError = Buffer.concat([end.standardError, Buffer.from(failure)]);
  plugin.status = status;
  plugin.statusDetails = status === 'TimedOut' ? 'ExecutionTimedOut' : status;
  plugin.responseCode = end.exitCode;
  plugin.finishedAt = finishedAt;
  plugin.standardOutput = truncateStream(end.standardOutput);
  plugin.standardError = truncateStream(standardError);
  plugin.output = combineStreams(end.standardOutput, standardError);
}

function summarize(plugins: PluginRun[]): [InvocationStatus, string] {
  for (const status of ['Failed', 'TimedOut', 'Cancelled'] as const) {
    const plugin = plugins.find((one) => one.status === status);
    if (plugin !== undefined) {
      return [status, plugin.statusDetails];
    }
  }
  return ['Success', 'Success'];
}

function ended(invocation: Invocation): boolean {
  return invocation.cancellation.signal.aborted || isTerminal(invocation.status);
}

function emptyEnd(exitCode: number): ScriptEnd {
  return { exitCode, failure: '', standardOutput: Buffer.alloc(0), standardError: Buffer.alloc(0) };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await delay(POLL_MS, undefined, { ref: false });
  }
}
