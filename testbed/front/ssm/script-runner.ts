import { setTimeout as delay } from 'node:timers/promises';
import type { HostEnd } from '../../hosts/agent.ts';
import type { HostDirectory } from '../../hosts/directory.ts';
import { type Command, type Invocation, type InvocationStatus, isTerminal } from './command.ts';
import { EXIT_DOCUMENT_SUCCESS } from './control-flow.ts';
import { answersCommands, restartHost, startScript } from './host-script.ts';
import type { StepPlan } from './substitution.ts';
import { POLL_MS } from './until.ts';

/** What came of a script. */
export interface Outcome {
  status: InvocationStatus;
  end: HostEnd;
}

// What the agent's own process has on Amazon Linux; no HOME, no USER.
const AGENT_ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin',
  LANG: 'en_US.UTF-8',
  AWS_SSM_PLATFORM_NAME: 'Amazon Linux',
  AWS_SSM_PLATFORM_VERSION: '2023',
};
const AGENT_DIRECTORY = '/usr/bin';
const EXIT_REBOOT = 194;
const EXIT_KILLED = 137;
const WORKER_DIED =
  'document process failed unexpectedly: document worker timed out , check [ssm-document-worker]/[ssm-session-worker] log for crash reason';

/** Runs a step's script until it ends, is cancelled or takes too long; again after each reboot that it asks for. */
export async function runScript(
  directory: HostDirectory,
  region: string,
  command: Command,
  invocation: Invocation,
  step: StepPlan,
): Promise<Outcome> {
  for (;;) {
    const outcome = await runScriptOnce(directory, region, command, invocation, step);
    if (outcome.end.exitCode !== EXIT_REBOOT || isTerminal(invocation.status)) {
      return outcome;
    }
    await restartHost(containerOf(directory, invocation));
    await hostIsBack(directory, invocation);
  }
}

async function runScriptOnce(
  directory: HostDirectory,
  region: string,
  command: Command,
  invocation: Invocation,
  step: StepPlan,
): Promise<Outcome> {
  const running = startScript({
    instanceId: invocation.instanceId,
    folder: `/var/lib/amazon/ssm/${invocation.instanceId}/document/orchestration/${command.id}/${step.folder}`,
    directory: step.workingDirectory || AGENT_DIRECTORY,
    script: step.script,
    environment: {
      ...AGENT_ENVIRONMENT,
      ...step.environment,
      SSM_COMMAND_ID: command.id,
      AWS_SSM_INSTANCE_ID: invocation.instanceId,
      AWS_SSM_REGION_NAME: region,
      AWS_DEFAULT_REGION: region,
    },
  });
  const stop = stopSignal(invocation, step.timeoutSeconds);
  const first = await Promise.race([running.ended, stop.reason]);
  stop.forget();
  if (first === 'Cancelled' || first === 'TimedOut') {
    const end = (await running.kill()) ?? emptyEnd(EXIT_KILLED);
    return { status: first, end: { ...end, failure: '' } };
  }
  if (first === undefined) {
    await hostIsBack(directory, invocation);
    return { status: 'Failed', end: { ...emptyEnd(1), standardError: Buffer.from(WORKER_DIED) } };
  }
  return { status: statusOfExit(first.exitCode), end: first };
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

/** Waits until a host that went away, by itself or for a reboot, runs its agent again. */
async function hostIsBack(directory: HostDirectory, invocation: Invocation): Promise<void> {
  while (!isTerminal(invocation.status)) {
    const online = directory.find(invocation.instanceId)?.agent === 'Online';
    if (online && (await answersCommands(invocation.instanceId))) {
      return;
    }
    await delay(POLL_MS, undefined, { ref: false });
  }
}

function containerOf(directory: HostDirectory, invocation: Invocation): string {
  return directory.find(invocation.instanceId)?.container ?? '';
}

/** The agent can't tell a script that exits with 137 from one that it killed itself, and takes it for timed out. */
function statusOfExit(exitCode: number): InvocationStatus {
  if (exitCode === 0 || exitCode === EXIT_DOCUMENT_SUCCESS) {
    return 'Success';
  }
  return exitCode === EXIT_KILLED ? 'TimedOut' : 'Failed';
}

/** The end of a script that printed nothing. */
export function emptyEnd(exitCode: number): HostEnd {
  return { exitCode, failure: '', standardOutput: Buffer.alloc(0), standardError: Buffer.alloc(0) };
}
