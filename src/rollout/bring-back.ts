import type { RunCommand } from '../aws/ssm.ts';
import { deadlineIn, hostTimeIn } from '../clock.ts';
import type { RolloutMemory } from '../run.ts';
import { type HostRun, runPlan, stopCommand } from './fleet.ts';
import { revertPlan } from './plan.ts';
import type { WayBack } from './verdict.ts';

/** Seconds for the agent to kill a cancelled script; there is no guarantee that it does. */
const cancelSeconds = 30;
/** Seconds for the host to go back, beside those in which the old release gets healthy. */
const revertSeconds = 120;

interface CutOff {
  appName: string;
  region: string;
  ssmDocument: string;
  holder: string;
  rollout: RolloutMemory;
}

/**
 * Stops a rollout that may still be under way, and brings its hosts back to their live release.
 * @param sent called with the id of each command that does it
 * @returns one way back a host
 */
export async function bringBack(
  runCommand: RunCommand,
  { appName, region, ssmDocument, holder, rollout }: CutOff,
  sent: (commandId: string) => void,
): Promise<WayBack[]> {
  // A rollout that cannot be killed stops at its next step, when it sees that its run was given up.
  const stopped = rollout.commandIds.map((id) => stopCommand(runCommand, id, deadlineIn(cancelSeconds)));
  await Promise.allSettled(stopped);
  const seconds = revertSeconds + rollout.healthTimeout;
  const plan = revertPlan({ ...rollout, appName, region, run: holder }, hostTimeIn(seconds));
  const runs = await runPlan(runCommand, rollout.instanceIds, plan, {
    document: ssmDocument,
    comment: `ec2-deploy: undo ${appName} ${rollout.release}`,
    executionTimeout: seconds,
    sent,
  });
  return runs.map(toWayBack);
}

function toWayBack({ instanceId, status, report }: HostRun): WayBack {
  if (report.outcome === 'reverted')
    return { instanceId, state: 'serving', serving: report.serving, problem: '' };
  if (report.outcome === 'empty') return { instanceId, state: 'empty', serving: '', problem: '' };
  const cause = report.brokenText || report.failure?.text || `the command ended as ${status}`;
  const problem = `The way back failed on ${instanceId}: ${cause}. The host goes back by itself when the rollout's time is over; look at it with the next run.`;
  return { instanceId, state: 'unknown', serving: '', problem };
}
