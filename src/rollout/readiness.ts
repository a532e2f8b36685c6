import type { Host, Instances } from '../aws/ec2.ts';
import type { RunCommand } from '../aws/ssm.ts';
import { type Deadline, poll, secondsUntil } from '../clock.ts';
import type { Variable } from '../inputs.ts';
import { Problem } from '../problem.ts';

const pace = { shortest: 1000, longest: 5000 };

/** Where hosts are found: some that are named, or whichever have certain tags, as those of an Auto Scaling group. */
export interface HostSource {
  /** As messages name them. */
  readonly name: string;
  /** Whether hosts come and go: one that goes is then no failure. */
  readonly changes: boolean;
  /** @throws Problem for one that will not run by itself */
  look(): Promise<Host[]>;
}

/** These hosts and no others. */
export function namedHosts(instances: Instances, instanceIds: string[]): HostSource {
  const place = ({ instanceId }: Host) => instanceIds.indexOf(instanceId);
  return {
    name: instanceIds.join(', '),
    changes: false,
    look: async () => {
      const hosts = await instances.describe(instanceIds);
      for (const host of hosts) requireStartable(host);
      return hosts.sort((one, other) => place(one) - place(other));
    },
  };
}

/** @param name what has these hosts, as messages call it */
export function taggedHosts(instances: Instances, tags: Variable[], name: string): HostSource {
  return { name, changes: true, look: () => instances.withTags(tags) };
}

/** Which of the hosts are no longer there. */
export async function goneFrom(source: HostSource, instanceIds: string[]): Promise<string[]> {
  if (!source.changes) return [];
  const present = new Set((await source.look()).map(({ instanceId }) => instanceId));
  return instanceIds.filter((id) => !present.has(id));
}

/**
 * Waits until the instances run.
 * @throws Problem at once for one that will not start by itself, or at the deadline
 */
export async function waitUntilRunning(source: HostSource, deadline: Deadline): Promise<Host[]> {
  let hosts: Host[] = [];
  const running = await poll({ ...pace, deadline }, async () => {
    hosts = await source.look();
    return hosts.length > 0 && hosts.every(({ state }) => state === 'running') ? hosts : undefined;
  });
  if (running !== undefined) return running;
  if (hosts.length === 0) {
    throw new Problem(
      `There is no running instance: ${source.name} has none. Check the input that names it, and the group's desired capacity.`,
    );
  }
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
 * @returns the hosts that are there by then
 * @throws Problem naming the likely cause at the deadline
 */
export async function waitUntilOnline(
  runCommand: RunCommand,
  source: HostSource,
  deadline: Deadline,
): Promise<string[]> {
  let instanceIds: string[] = [];
  let agents = new Map<string, string>();
  const waited = secondsUntil(deadline);
  const online = await poll({ ...pace, deadline }, async () => {
    instanceIds = (await source.look()).map(({ instanceId }) => instanceId);
    agents = await runCommand.agents(instanceIds);
    return instanceIds.length > 0 && instanceIds.every((id) => agents.get(id) === 'Online')
      ? true
      : undefined;
  });
  if (online) return instanceIds;
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
