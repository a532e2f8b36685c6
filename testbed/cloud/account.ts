// What the cloud's owner does in the account through the AWS API: a repository to push to, and instances without a template.
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateRepositoryCommand, ECRClient, RepositoryAlreadyExistsException } from '@aws-sdk/client-ecr';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { CloudEnvironment } from './environment.ts';

export type Access = Pick<
  CloudEnvironment,
  'AWS_ENDPOINT_URL' | 'AWS_REGION' | 'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY'
>;

const IMAGE_PARAMETER = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
/** What infra-template gives its host. */
const USER_DATA = `#!/bin/bash
set -euo pipefail
dnf install -y docker
systemctl enable --now docker
`;

/** Settings for an AWS client. */
export function clientSettings(access: Access) {
  return {
    endpoint: access.AWS_ENDPOINT_URL,
    region: access.AWS_REGION,
    credentials: {
      accessKeyId: access.AWS_ACCESS_KEY_ID,
      secretAccessKey: access.AWS_SECRET_ACCESS_KEY,
    },
  };
}

/** Creates an image repository unless it exists. */
export async function createRepository(access: Access, repositoryName: string): Promise<void> {
  try {
    await new ECRClient(clientSettings(access)).send(new CreateRepositoryCommand({ repositoryName }));
  } catch (error) {
    if (!(error instanceof RepositoryAlreadyExistsException)) {
      throw error;
    }
  }
}

/**
 * Starts instances that install and start a container engine, as the template's host does.
 *
 * @returns their ids
 */
export async function runInstances(access: Access, count: number, userData = USER_DATA): Promise<string[]> {
  const settings = clientSettings(access);
  const image = await new SSMClient(settings).send(new GetParameterCommand({ Name: IMAGE_PARAMETER }));
  const { Instances = [] } = await new EC2Client(settings).send(
    new RunInstancesCommand({
      ImageId: image.Parameter?.Value,
      InstanceType: 't3.small',
      MinCount: count,
      MaxCount: count,
      UserData: Buffer.from(userData).toString('base64'),
    }),
  );
  return Instances.flatMap(({ InstanceId }) => InstanceId ?? []);
}

/** Ids of the running instances, in the order in which EC2 lists them. */
export async function runningInstanceIds(access: Access): Promise<string[]> {
  const { Reservations = [] } = await new EC2Client(clientSettings(access)).send(
    new DescribeInstancesCommand({ Filters: [{ Name: 'instance-state-name', Values: ['running'] }] }),
  );
  const instances = Reservations.flatMap((reservation) => reservation.Instances ?? []);
  return instances.flatMap(({ InstanceId }) => InstanceId ?? []);
}
