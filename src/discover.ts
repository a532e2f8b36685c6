import type { Stacks } from './aws/stack.ts';
import type { Inputs } from './inputs.ts';
import { Problem } from './problem.ts';

/** Where a release goes, as far as the inputs or the stack say it. */
export interface Destination {
  instanceIds: string[];
  /** Name of the ECR repository; empty if nothing names one. */
  repository: string;
}

/** The outputs that a stack must have to be deployed to. */
export const stackOutputs = { instance: 'InstanceId', repository: 'RepositoryName' } as const;

/**
 * Finds the hosts and the repository.
 * @throws Problem if the stack is missing or has not the outputs
 */
export async function discover(inputs: Inputs, stacks: () => Promise<Stacks>): Promise<Destination> {
  const { target, repository } = inputs;
  if (target.kind === 'instances') return { instanceIds: target.instanceIds, repository };
  const outputs = await (await stacks()).outputs(target.stackName);
  return {
    instanceIds: [requireOutput(target.stackName, outputs, stackOutputs.instance)],
    repository: repository || readRepository(inputs, target.stackName, outputs),
  };
}

function readRepository(inputs: Inputs, stackName: string, outputs: Map<string, string>): string {
  if (inputs.image.kind === 'existing') return outputs.get(stackOutputs.repository) ?? '';
  return requireOutput(stackName, outputs, stackOutputs.repository);
}

function requireOutput(stackName: string, outputs: Map<string, string>, name: string): string {
  const value = outputs.get(name);
  if (value !== undefined && value !== '') return value;
  const present = [...outputs.keys()].join(', ') || 'none';
  throw new Problem(
    `The stack ${stackName} has no output ${name} (it has: ${present}). Deploy infra-template/ or add the output to your template.`,
  );
}
