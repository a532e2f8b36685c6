import type { RunCommand } from '../aws/ssm.ts';
import { deadlineIn } from '../clock.ts';
import type { RolloutMemory } from '../run.ts';
import { runPlan, waitForEnd } from './fleet.ts';
import { revertPlan } from './plan.ts';

/** What an undone rollout left. */
export interface WayBack {
  /** The release that answers now; empty if none does. */
  serving: string;
  text: string;
}

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
 * Stops a rollout that may still be under way, and brings the host back to its live release.
 * @param sent called with the id of the command that does it
 */
export async function bringBack(
  runCommand: RunCommand,
  { appName, region, ssmDocument, holder, rollout }: CutOff,
  sent: (commandId: string) => void,
): Promise<WayBack> {
  // A rollout that cannot be killed stops at its next step, when it sees that its run was given up.
  await kill(runCommand, rollout).catch(() => undefined);
  const seconds = revertSeconds + rollout.healthTimeout;
  const deadline = Math.floor(Date.now() / 1000) + seconds;
  const plan = revertPlan({ ...rollout, appName, region, run: holder }, deadline);
  const [hostRun] = await runPlan(runCommand, rollout.instanceIds, plan, {
    document: ssmDocument,
    comment: `ec2-deploy: undo ${appName} ${rollout.release}`,
    executionTimeout: seconds,
    sent,
  });
  const { outcome, serving = '', brokenText = '', failure } = hostRun?.report ?? {};
  if (outcome === 'reverted') return { serving, text: `${serving} serves.` };
  if (outcome === 'empty') return { serving: '', text: 'There is no release before it, so nothing serves.' };
  const cause = brokenText || failure?.text || `the command ended as ${hostRun?.status ?? 'Unknown'}`;
  return {
    serving: '',
    text: `The way back failed: ${cause}. The host goes back by itself when the rollout's time is over; look at it with the next run.`,
  };
}

async function kill(runCommand: RunCommand, { commandId, instanceIds }: RolloutMemory): Promise<void> {
  if (commandId === '') return;
  await runCommand.cancel(commandId);
  await waitForEnd(runCommand, commandId, instanceIds, deadlineIn(cancelSeconds));
}
