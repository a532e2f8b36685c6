import { getState, info, saveState, setFailed, setOutput, warning } from '@actions/core';
import { memoryName, runStory } from './job.ts';
import { nothingKnown, writeOutputs } from './outputs.ts';

/** GitHub runs this file twice: for the step, and after the job to clean up. */
await (getState('started') === '' ? step() : postStep());

async function step(): Promise<void> {
  saveState('started', 'yes');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, leave);
  try {
    const result = await runStory();
    const { failureText, present } = await import('./report/present.ts');
    await present(result);
    if (result.reason !== '') setFailed(failureText(result));
  } catch (error) {
    writeOutputs(nothingKnown, setOutput);
    setFailed(error instanceof Error ? error.message : String(error));
  }
  // A build that outlived its run must not hold the job.
  process.exit();
}

/** A cancelled job has seconds: the post step has the time to go back. */
function leave(signal: NodeJS.Signals): void {
  writeOutputs(nothingKnown, setOutput);
  info(`Cancelled (${signal}); the post step brings the hosts back`);
  process.exit(1);
}

async function postStep(): Promise<void> {
  const memory = getState(memoryName);
  if (memory === '') return;
  const { cleanUp } = await import('./post.ts');
  const failures = await cleanUp(JSON.parse(memory), info);
  for (const failure of failures) warning(failure);
  if (failures.length > 0)
    setFailed('The way back or the clean-up after this deploy did not end well; see the warnings above.');
}
