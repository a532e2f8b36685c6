import type { HostRun } from './fleet.ts';

/** What traffic says of a rollout on one host; `undetermined` if the host did not get to say. */
export type Judgement =
  | { verdict: 'deployed' }
  | { verdict: 'rolled-back' | 'failed'; reason: string }
  | { verdict: 'undetermined'; reason: string };

/** @param run how the rollout's command ended on the host */
export function judge({ instanceId, status, report }: HostRun): Judgement {
  const cause = report.failure?.text ?? '';
  switch (report.outcome) {
    case 'deployed':
      return { verdict: 'deployed' };
    case 'reverted':
      // A migration that failed may have left its marks in the database: nothing was taken back, nothing was switched.
      return report.failure?.code === 'migration-failed'
        ? { verdict: 'failed', reason: `${cause} ${report.serving} serves as before.` }
        : { verdict: 'rolled-back', reason: cause };
    case 'empty':
      return { verdict: 'failed', reason: `${cause} There is no release before it, so nothing serves yet.` };
    case 'broken':
      return {
        verdict: 'failed',
        reason: `${cause} The way back failed too: ${report.brokenText}`.trim(),
      };
    default:
      return unended(instanceId, status, cause);
  }
}

function unended(instanceId: string, status: string, cause: string): Judgement {
  if (cause !== '') return { verdict: 'failed', reason: cause };
  return {
    verdict: 'undetermined',
    reason: `${instanceId}: ${meanings[status] ?? `the command ended as ${status}.`}`,
  };
}

const meanings: Record<string, string> = {
  Undeliverable: 'the command could not be delivered: the agent is not connected.',
  DeliveryTimedOut: 'the agent did not take the command, or was lost while it ran.',
  ExecutionTimedOut: 'the host did not end in time and was stopped.',
  Cancelled: 'the command was cancelled.',
  Terminated: 'the command was stopped because of errors on other hosts.',
  AccessDenied:
    "the workflow's role may not send commands to this instance. Does the instance have the tag that the policy asks for?",
  Unknown: 'the service did not say how the command ended: the agent was lost.',
};
