// What the cloud's owner does in the account through the AWS API: a repository to push to, and instances without a template.
// The clients are loaded by the calls that need them: they take longer to load than most commands take to run.
import type { TagSpecification } from '@aws-sdk/client-ec2';
import type { CreateRepositoryCommandInput } from '@aws-sdk/client-ecr';
import type { CloudEnvironment } from './environment.ts';

export type Access = Pick<
  CloudEnvironment,
  'AWS_ENDPOINT_URL' | 'AWS_REGION' | 'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY'
>;

/** The tag by which associations and roles know an app's hosts. */
export const APP_TAG = 'ec2-deploy:app';

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
export async function createRepository(
  access: Access,
  repositoryName: string,
  settings: Partial<CreateRepositoryCommandInput> = {},
): Promise<void> {
  const { CreateRepositoryCommand, ECRClient, RepositoryAlreadyExistsException } = await import(
    '@aws-sdk/client-ecr'
  );
  try {
    await new ECRClient(clientSettings(access)).send(
      new CreateRepositoryCommand({ ...settings, repositoryName }),
    );
  } catch (error) {
    if (!(error instanceof RepositoryAlreadyExistsException)) {
      throw error;
    }
  }
}

/**
 * Starts instances that install and start a container engine, as the template's host does.
 *
 * @param userData what they run at their first boot
 * @param app value of their tag; none when empty
 * @returns their ids
 */
export async function runInstances(
  access: Access,
  count: number,
  userData = USER_DATA,
  app = '',
): Promise<string[]> {
  const { EC2Client, RunInstancesCommand } = await import('@aws-sdk/client-ec2');
  const { Instances = [] } = await new EC2Client(clientSettings(access)).send(
    new RunInstancesCommand({
      ImageId: await newestImageId(access),
      InstanceType: 't3.small',
      MinCount: count,
      MaxCount: count,
      UserData: Buffer.from(userData).toString('base64'),
      ...(app === '' ? {} : { TagSpecifications: [tagged(app)] }),
    }),
  );
  return Instances.flatMap(({ InstanceId }) => InstanceId ?? []);
}

function tagged(app: string): TagSpecification {
  return { ResourceType: 'instance', Tags: [{ Key: APP_TAG, Value: app }] };
}

async function newestImageId(access: Access): Promise<string | undefined> {
  const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
  const answer = await new SSMClient(clientSettings(access)).send(
    new GetParameterCommand({ Name: IMAGE_PARAMETER }),
  );
  return answer.Parameter?.Value;
}

/** Ids of the running instances, in the order in which EC2 lists them. */
export async function runningInstanceIds(access: Access): Promise<string[]> {
  const { DescribeInstancesCommand, EC2Client } = await import('@aws-sdk/client-ec2');
  const { Reservations = [] } = await new EC2Client(clientSettings(access)).send(
    new DescribeInstancesCommand({ Filters: [{ Name: 'instance-state-name', Values: ['running'] }] }),
  );
  const instances = Reservations.flatMap((reservation) => reservation.Instances ?? []);
  return instances.flatMap(({ InstanceId }) => InstanceId ?? []);
}
