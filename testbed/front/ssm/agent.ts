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
import { EXIT_DOCUMENT_FAILURE, EXIT_DOCUMENT_SUCCESS, skipReason } from './control-flow.ts';
import { combineStreams, truncateStream } from './output.ts';
import { resolveReferences } from './references.ts';
import { emptyEnd, type Outcome, runScript } from './script-runner.ts';
import type { StepPlan } from './substitution.ts';
import { until } from './until.ts';

export interface AgentOptions {
  directory: HostDirectory;
  moto: Moto;
  region: string;
  /** How long the agent takes to notice a command, in milliseconds. */
  deliverAfterMs: number;
}

const MOST_COMMANDS_AT_ONCE = 5;
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
  const { signal } = invocation.cancellation;
  const deadline = command.requestedAt.getTime() + command.timeoutSeconds * 1000;
  const ready = (): boolean =>
    isOnline(directory, invocation) && (busy.get(instanceId) ?? 0) < MOST_COMMANDS_AT_ONCE;
  await delay(deliverAfterMs, undefined, { ref: false });
  await until(() => ready() || signal.aborted || isTerminal(invocation.status) || Date.now() > deadline);
  if (signal.aborted) {
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
  const done: [StepPlan, PluginRun][] = [];
  for (const [index, step] of command.steps.entries()) {
    const plugin = invocation.plugins[index];
    if (plugin !== undefined && !isTerminal(invocation.status)) {
      const reason = skipReason(step, index === command.steps.length - 1, done);
      await runStep(options, command, invocation, step, plugin, reason);
      done.push([step, plugin]);
    }
  }
  const [status, details] = summarize(invocation.plugins);
  finishInvocation(invocation, status, details);
}

async function runStep(
  options: AgentOptions,
  command: Command,
  invocation: Invocation,
  step: StepPlan,
  plugin: PluginRun,
  skipped: string | undefined,
): Promise<void> {
  plugin.startedAt = new Date();
  plugin.status = 'InProgress';
  plugin.statusDetails = 'InProgress';
  if (skipped !== undefined) {
    await report(options, invocation, plugin, { status: 'Success', end: emptyEnd(0) });
    plugin.output = skipped;
  } else if (invocation.cancellation.signal.aborted) {
    await report(options, invocation, plugin, { status: 'Cancelled', end: emptyEnd(1) });
  } else {
    await report(options, invocation, plugin, await outcomeOf(options, command, invocation, step));
  }
}

async function outcomeOf(
  { directory, moto, region }: AgentOptions,
  command: Command,
  invocation: Invocation,
  step: StepPlan,
): Promise<Outcome> {
  try {
    const resolved = await resolveStep(moto, step);
    return withExitConditions(await runScript(directory, region, command, invocation, resolved), step);
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    return { status: 'Failed', end: { ...emptyEnd(1), standardError: Buffer.from(error.message) } };
  }
}

async function resolveStep(moto: Moto, step: StepPlan): Promise<StepPlan> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(step.environment)) {
    environment[name] = await resolveReferences(moto, value);
  }
  return { ...step, environment, script: await resolveReferences(moto, step.script) };
}

/** What a step's exit code or its onFailure makes of its result. */
function withExitConditions({ status, end }: Outcome, step: StepPlan): Outcome {
  if (end.exitCode === EXIT_DOCUMENT_SUCCESS) {
    const addition =
      '\nStep exited with code 168. Therefore, marking step as succeeded. Further document steps will be skipped.';
    return {
      status: 'Success',
      end: { ...append(end, addition, ''), standardError: Buffer.alloc(0), failure: '' },
    };
  }
  if (end.exitCode === EXIT_DOCUMENT_FAILURE) {
    const addition =
      '\nStep exited with code 169. Therefore, marking step as Failed. Further document steps will be skipped.';
    return { status, end: append(end, addition, addition) };
  }
  if (status !== 'Failed' || step.onFailure === undefined) {
    return { status, end };
  }
  const addition = '\nStep was found to have onFailure property. Further document steps will be skipped.';
  const changed = append(end, addition, addition);
  return step.onFailure === 'successAndExit'
    ? { status: 'Success', end: { ...changed, exitCode: EXIT_DOCUMENT_SUCCESS } }
    : { status, end: changed };
}

function append(end: Outcome['end'], output: string, error: string): Outcome['end'] {
  const failure = end.failure === '' ? '' : `failed to run commands: ${end.failure}`;
  return {
    ...end,
    failure: '',
    standardOutput: Buffer.concat([end.standardOutput, Buffer.from(output)]),
    standardError: Buffer.concat([end.standardError, Buffer.from(failure), Buffer.from(error)]),
  };
}

/** Shows a step's outcome to the service, once the agent can reach it: what it can't send, nobody sees. */
async function report(
  { directory }: AgentOptions,
  invocation: Invocation,
  plugin: PluginRun,
  { status, end }: Outcome,
): Promise<void> {
  const finishedAt = new Date();
  await until(() => isOnline(directory, invocation) || isTerminal(invocation.status));
  if (isTerminal(invocation.status)) {
    return;
  }
  const { standardOutput, standardError } = status === 'Failed' ? append(end, '', '') : end;
  plugin.status = status;
  plugin.statusDetails = status === 'TimedOut' ? 'ExecutionTimedOut' : status;
  plugin.responseCode = end.exitCode;
  plugin.finishedAt = finishedAt;
  plugin.standardOutput = truncateStream(standardOutput);
  plugin.standardError = truncateStream(standardError);
  plugin.output = combineStreams(standardOutput, standardError);
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

function isOnline(directory: HostDirectory, invocation: Invocation): boolean {
  return directory.find(invocation.instanceId)?.agent === 'Online';
}
