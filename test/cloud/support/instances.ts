// What an owner does to instances in the EC2 console.
import {
  DescribeTagsCommand,
  EC2Client,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { clientSettings } from '../../../testbed/cloud/account.ts';
import { access, onlineHost } from './cloud.ts';

const ec2 = new EC2Client(clientSettings(access));

export async function stopInstance(instanceId: string): Promise<void> {
  await ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
}

export async function terminateInstance(instanceId: string): Promise<void> {
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
}

/** The tags that EC2 says an instance has. */
export async function tagsOf(instanceId: string): Promise<Record<string, string>> {
  const { Tags = [] } = await ec2.send(
    new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [instanceId] }] }),
  );
  return Object.fromEntries(Tags.map(({ Key, Value }) => [String(Key), String(Value)]));
}

/**
 * Starts a stopped instance and waits until its agent is online.
 * @returns `127.0.0.1:PORT`, the host's port 80, which is another one than before
 */
export async function startInstance(instanceId: string): Promise<string> {
  await ec2.send(new StartInstancesCommand({ InstanceIds: [instanceId] }));
  const { address } = await onlineHost(instanceId);
  return address;
}
