import type { Host, Instances } from '../aws/ec2.ts';
import type { RunCommand } from '../aws/ssm.ts';
import { type Deadline, poll, secondsUntil } from '../clock.ts';
import { Problem } from '../problem.ts';

const pace = { shortest: 1000, longest: 5000 };

/**
 * Waits until the instances run.
 * @throws Problem at once for one that will not start by itself, or at the deadline
 */
export async function waitUntilRunning(
  instances: Instances,
  instanceIds: string[],
  deadline: Deadline,
): Promise<Host[]> {
  let hosts: Host[] = [];
  const running = await poll({ ...pace, deadline }, async () => {
    hosts = await instances.describe(instanceIds);
    for (const host of hosts) requireStartable(host);
    return hosts.every(({ state }) => state === 'running') ? hosts : undefined;
  });
  if (running !== undefined) return running;
  throw new Problem(`${list(hosts)} did not start in time. Look at its state in the EC2 console.`);
}

function requireStartable({ instanceId, state }: Host): void {
  if (state === 'pending' || state === 'running') return;
  const advice = state.startsWith('stop')
    ? `Start it: aws ec2 start-instances --instance-ids ${instanceId}`
    : 'Make a new one, and check the input that names it.';
  throw new Problem(`The instance ${instanceId} is ${state}. ${advice}`);
}

/**
 * Waits until every host's agent is connected.
 * @throws Problem naming the likely cause at the deadline
 */
export async function waitUntilOnline(
  runCommand: RunCommand,
  instanceIds: string[],
  deadline: Deadline,
): Promise<void> {
  let agents = new Map<string, string>();
  const waited = secondsUntil(deadline);
  const online = await poll({ ...pace, deadline }, async () => {
    agents = await runCommand.agents(instanceIds);
    return instanceIds.every((id) => agents.get(id) === 'Online') ? true : undefined;
  });
  if (online) return;
  const offline = instanceIds.filter((id) => agents.get(id) !== 'Online');
  throw new Problem(offline.map((id) => agentProblem(id, agents.get(id), waited)).join('\n'));
}

function agentProblem(instanceId: string, status: string | undefined, waited: number): string {
  if (status === undefined) {
    return (
      `The agent on ${instanceId} never came online (waited ${waited} s). Check that the instance has a profile whose role lets the agent in ` +
      '(AmazonSSMManagedEC2InstanceDefaultPolicy), that the agent is installed, and that the instance reaches the internet.'
    );
  }
  return (
    `The agent on ${instanceId} was online once and is not now (${status}; waited ${waited} s). ` +
    `Check the instance's load, disk and network, or reboot it: aws ec2 reboot-instances --instance-ids ${instanceId}`
  );
}

function list(hosts: Host[]): string {
  return hosts.map(({ instanceId, state }) => `${instanceId} (${state})`).join(', ');
}
