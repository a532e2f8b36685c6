// What an owner does to instances in the EC2 console.
import {
  EC2Client,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { clientSettings } from '../../../testbed/cloud/account.ts';
import { access } from './cloud.ts';

const ec2 = new EC2Client(clientSettings(access));

/** Starts an instance and does not wait for it. */
export async function runInstance(userData: string): Promise<string> {
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-12c6146b',
      MinCount: 1,
      MaxCount: 1,
      UserData: Buffer.from(userData).toString('base64'),
    }),
  );
  return Instances?.[0]?.InstanceId ?? '';
}

export async function stopInstance(instanceId: string): Promise<void> {
  await ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
}

export async function terminateInstance(instanceId: string): Promise<void> {
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
}
