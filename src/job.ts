import { randomUUID } from 'node:crypto';
import { getInput, info, saveState, warning } from '@actions/core';
import { deadlineIn } from './clock.ts';
import { readInputs } from './inputs.ts';
import type { DeployRun } from './run.ts';

/** Name under which the step keeps what its post step needs. */
export const memoryName = 'deploy';

/**
 * What GitHub says of this run, and what the user asked for.
 * @throws InputError naming every wrong input
 */
export async function startRun(): Promise<DeployRun> {
  const inputs = readInputs((name) => getInput(name, { trimWhitespace: false }), process.env);
  // Loaded after the inputs: with it come clients that this run may never need.
  const { context } = await import('@actions/github');
  const runUrl = `${context.serverUrl}/${process.env['GITHUB_REPOSITORY'] ?? ''}/actions/runs/${context.runId}`;
  return {
    inputs,
    commit: context.sha ?? '',
    runUrl,
    holder: randomUUID(),
    startedAt: Date.now(),
    deadline: deadlineIn(inputs.timeout),
    log: info,
    warn: warning,
    remember: (memory) => saveState(memoryName, memory),
  };
}
