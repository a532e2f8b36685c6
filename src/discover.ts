import type { Stacks } from './aws/stack.ts';
import type { Target, Variable } from './inputs.ts';
import { Problem } from './problem.ts';

/** Where a release goes, as far as the inputs or the stack say it. */
export interface Destination {
  hosts: { kind: 'named'; instanceIds: string[] } | { kind: 'tagged'; tags: Variable[]; name: string };
  /** Name of the ECR repository; empty if nothing names one. */
  repository: string;
  /** Where the load balancer of a fleet answers; empty where there is none, or it is not known. */
  url: string;
}

/** The outputs of a stack that is deployed to: one of the first two, and the repository if an image is built. */
export const stackOutputs = {
  instance: 'InstanceId',
  group: 'AutoScalingGroupName',
  repository: 'RepositoryName',
  url: 'Url',
} as const;

/** Auto Scaling gives it to the instances of a group. Source: "Tag Auto Scaling groups and instances", EC2 Auto Scaling guide. */
const groupTag = 'aws:autoscaling:groupName';

/** What the inputs say of where a release goes. */
export interface Wanted {
  target: Target;
  /** As the input has it; empty to read it from the stack. */
  repository: string;
  /** Whether an image is built, which needs a repository. */
  builds: boolean;
}

/**
 * Finds out where the hosts and the repository are named.
 * @throws Problem if the stack is missing or has not the outputs
 */
export async function discover(wanted: Wanted, stacks: () => Promise<Stacks>): Promise<Destination> {
  const { target, repository } = wanted;
  switch (target.kind) {
    case 'instances':
      return { hosts: { kind: 'named', instanceIds: target.instanceIds }, repository, url: '' };
    case 'tags': {
      const name = `the tags ${target.tags.map(({ name, value }) => `${name}=${value}`).join(', ')}`;
      return { hosts: { kind: 'tagged', tags: target.tags, name }, repository, url: '' };
    }
    case 'stack':
      return readStack(target.stackName, wanted, await (await stacks()).outputs(target.stackName));
  }
}

function readStack(stackName: string, wanted: Wanted, outputs: Map<string, string>): Destination {
  const output = (name: string) => outputs.get(name) ?? '';
  const repository = wanted.repository || output(stackOutputs.repository);
  if (wanted.builds && repository === '') throw missingOutput(stackName, outputs, stackOutputs.repository);
  const group = output(stackOutputs.group);
  if (group !== '') {
    const tags = [{ name: groupTag, value: group }];
    const hosts = { kind: 'tagged' as const, tags, name: `the Auto Scaling group ${group}` };
    return { hosts, repository, url: output(stackOutputs.url).replace(/\/$/, '') };
  }
  const instanceId = output(stackOutputs.instance);
  if (instanceId === '')
    throw missingOutput(stackName, outputs, `${stackOutputs.instance} or ${stackOutputs.group}`);
  return { hosts: { kind: 'named', instanceIds: [instanceId] }, repository, url: '' };
}

function missingOutput(stackName: string, outputs: Map<string, string>, name: string): Problem {
  const present = [...outputs.keys()].join(', ') || 'none';
  return new Problem(
    `The stack ${stackName} has no output ${name} (it has: ${present}). Deploy infra-template/ or add the output to your template.`,
  );
}
