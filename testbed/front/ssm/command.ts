import type { JsonObject } from '../json.ts';
import type { StepPlan } from './substitution.ts';

export type InvocationStatus =
  | 'Pending'
  | 'InProgress'
  | 'Success'
  | 'Cancelled'
  | 'TimedOut'
  | 'Failed'
  | 'Cancelling';

/** A step of an invocation and what came of it. */
export interface PluginRun {
  name: string;
  status: InvocationStatus;
  statusDetails: string;
  /** -1 as long as it hasn't run. */
  responseCode: number;
  startedAt: Date | undefined;
  finishedAt: Date | undefined;
  /** At most 24,000 bytes each, the agent's mark at the end when cut. */
  standardOutput: string;
  standardError: string;
  /** Both together, at most 2,500 bytes, as the list shows them. */
  output: string;
}

/** A command on one host. */
export interface Invocation {
  instanceId: string;
  instanceName: string;
  status: InvocationStatus;
  statusDetails: string;
  plugins: PluginRun[];
  cancellation: AbortController;
}

/** What SendCommand asked for, and how far it is. */
export interface Command {
  id: string;
  documentName: string;
  documentVersion: string;
  comment: string;
  parameters: JsonObject;
  targets: JsonObject[];
  instanceIds: string[];
  requestedAt: Date;
  /** Reads right after SendCommand don't see the command yet; from this moment on they do. */
  visibleFrom: Date;
  expiresAfter: Date;
  timeoutSeconds: number;
  maxConcurrency: string;
  maxErrors: string;
  steps: StepPlan[];
  invocations: Invocation[];
  cancelRequested: boolean;
}

const TERMINAL = new Set<InvocationStatus>(['Success', 'Cancelled', 'TimedOut', 'Failed']);

export function isTerminal(status: InvocationStatus): boolean {
  return TERMINAL.has(status);
}

/** A new invocation of a command, nothing of it done. */
export function newInvocation(instanceId: string, instanceName: string, steps: StepPlan[]): Invocation {
  return {
    instanceId,
    instanceName,
    status: 'Pending',
    statusDetails: 'Pending',
    plugins: steps.map((step) => newPluginRun(step.name)),
    cancellation: new AbortController(),
  };
}

function newPluginRun(name: string): PluginRun {
  return {
    name,
    status: 'Pending',
    statusDetails: 'Pending',
    responseCode: -1,
    startedAt: undefined,
    finishedAt: undefined,
    standardOutput: '',
    standardError: '',
    output: '',
  };
}

/** Ends an invocation; the first end stands, since reports that come later are ignored by the service. */
export function finishInvocation(
  invocation: Invocation,
  status: InvocationStatus,
  statusDetails: string,
): void {
  if (isTerminal(invocation.status)) {
    return;
  }
  invocation.status = status;
  invocation.statusDetails = statusDetails;
  for (const plugin of invocation.plugins.filter((run) => !isTerminal(run.status))) {
    plugin.status = status;
    plugin.statusDetails = statusDetails;
  }
}

export interface CommandState {
  status: InvocationStatus;
  statusDetails: string;
  completedCount: number;
  errorCount: number;
  deliveryTimedOutCount: number;
}

/** The state of a whole command, from those of its invocations. */
export function commandState(command: Command): CommandState {
  const { invocations } = command;
  const completed = invocations.filter((invocation) => isTerminal(invocation.status));
  const counts = {
    completedCount: completed.length,
    errorCount: invocations.filter(countsAsError).length,
    deliveryTimedOutCount: invocations.filter((one) => one.statusDetails === 'DeliveryTimedOut').length,
  };
  if (completed.length < invocations.length) {
    return { ...unfinishedState(command), ...counts };
  }
  return { ...finishedState(command), ...counts };
}

function unfinishedState(command: Command): { status: InvocationStatus; statusDetails: string } {
  if (command.cancelRequested) {
    return { status: 'Cancelling', statusDetails: 'Cancelling' };
  }
  const untouched = command.invocations.every((invocation) => invocation.status === 'Pending');
  return untouched ? same('Pending') : same('InProgress');
}

function finishedState(command: Command): { status: InvocationStatus; statusDetails: string } {
  const { invocations } = command;
  if (invocations.length === 0) {
    return { status: 'Success', statusDetails: 'NoInstancesInTag' };
  }
  if (command.cancelRequested && invocations.some((one) => one.statusDetails === 'Cancelled')) {
    return same('Cancelled');
  }
  // Undeliverable ones count for nothing, unless there is nothing else.
  const counted = invocations.filter((invocation) => invocation.statusDetails !== 'Undeliverable');
  if (counted.length === 0) {
    return same('Failed');
  }
  if (counted.every((invocation) => invocation.status === 'Success')) {
    return same('Success');
  }
  return unsuccessfulState(counted, allowedErrors(command));
}

function unsuccessfulState(
  counted: Invocation[],
  allowed: number,
): { status: InvocationStatus; statusDetails: string } {
  const errors = counted.filter(countsAsError);
  if (errors.length > allowed) {
    const allTimedOut = errors.every((one) => one.status === 'TimedOut');
    return allTimedOut ? { status: 'TimedOut', statusDetails: 'ExecutionTimedOut' } : same('Failed');
  }
  const undelivered = counted.filter((one) => one.statusDetails === 'DeliveryTimedOut');
  if (undelivered.length > allowed) {
    return { status: 'TimedOut', statusDetails: 'DeliveryTimedOut' };
  }
  return { status: 'Failed', statusDetails: 'Incomplete' };
}

/** Failures and execution timeouts count against MaxErrors; what was never delivered doesn't. */
export function countsAsError(invocation: Invocation): boolean {
  return ['Failed', 'ExecutionTimedOut'].includes(invocation.statusDetails);
}

/** How many errors a command may have, from its MaxErrors (a number, or a percentage of its hosts). */
export function allowedErrors(command: Command): number {
  return share(command.maxErrors, command.invocations.length, Math.floor);
}

/** How many hosts may run a command at once, from its MaxConcurrency. */
export function allowedConcurrency(command: Command): number {
  return Math.max(1, share(command.maxConcurrency, command.invocations.length, Math.ceil));
}

function share(text: string, total: number, round: (value: number) => number): number {
  const amount = Number.parseInt(text, 10);
  return text.endsWith('%') ? round((total * amount) / 100) : amount;
}

function same(status: InvocationStatus): { status: InvocationStatus; statusDetails: string } {
  return { status, statusDetails: status };
}
