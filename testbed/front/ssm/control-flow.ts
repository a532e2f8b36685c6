import type { PluginRun } from './command.ts';
import type { StepPlan } from './substitution.ts';

/** Exit codes by which a step ends the whole document, well or not. */
export const EXIT_DOCUMENT_SUCCESS = 168;
export const EXIT_DOCUMENT_FAILURE = 169;

/**
 * Why a step is not to be run, in the agent's words, or undefined when it is.
 *
 * @param done the steps before it, with what came of them
 */
export function skipReason(
  step: StepPlan,
  isLast: boolean,
  done: [StepPlan, PluginRun][],
): string | undefined {
  if (!(step.finallyStep && isLast) && done.some(([before, run]) => endsDocument(before, run))) {
    return `Plugin with name aws:runShellScript and id ${step.name} skipped due to prior step with an exit condition`;
  }
  if (step.platformType !== undefined && step.platformType.toLowerCase() !== 'linux') {
    return `Step execution skipped due to unsatisfied preconditions: '"StringEquals": [platformType, ${step.platformType}]'. Step name: ${step.name}`;
  }
  return undefined;
}

function endsDocument(step: StepPlan, run: PluginRun): boolean {
  return (
    run.responseCode === EXIT_DOCUMENT_SUCCESS ||
    run.responseCode === EXIT_DOCUMENT_FAILURE ||
    (run.status === 'Failed' && step.onFailure === 'exit') ||
    (run.status === 'Success' && step.onSuccess === 'exit')
  );
}
