import { randomUUID } from 'node:crypto';
import { getInput, info, saveState, warning } from '@actions/core';
import { deadlineIn } from './clock.ts';
import type { Result } from './facts.ts';
import { type CommonInputs, type Given, readCheckInputs, readInputs, readRollbackInputs } from './inputs.ts';
import type { Run } from './run.ts';

/** Name under which the step keeps what its post step needs. */
export const memoryName = 'deploy';

/** The stories by the name that rollback/index.js and check/index.js give them; a deploy has none. */
const stories: Record<string, () => Promise<Result>> = {
  '': async () => {
    const run = await startRun(readInputs);
    return (await import('./deploy.ts')).deploy(run);
  },
  rollback: async () => {
    const run = await startRun(readRollbackInputs);
    return (await import('./rollback.ts')).rollBack(run);
  },
  check: async () => {
    const run = await startRun(readCheckInputs);
    return (await import('./check.ts')).check(run);
  },
};

/**
 * Tells the story of the action that GitHub runs.
 * @throws InputError naming every wrong input
 */
export async function runStory(): Promise<Result> {
  const name = process.env['EC2_DEPLOY_STORY'] ?? '';
  const story = stories[name];
  if (story === undefined) throw new Error(`There is no story ${name}.`);
  return story();
}

/** What GitHub says of this run, and what the user asked for. */
async function startRun<Inputs extends CommonInputs>(
  read: (given: Given, environment: NodeJS.ProcessEnv) => Inputs,
): Promise<Run & { inputs: Inputs }> {
  const inputs = read((name) => getInput(name, { trimWhitespace: false }), process.env);
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
