// infra-template/single-instance.yaml on the local cloud, read back through the AWS API.
//
// What moto keeps of the template differs from AWS in these, which test/unit/template.test.ts asserts in the text:
// the instance gets neither MetadataOptions nor SecurityGroupIds; the subnet is not associated with its route table; the
// repository has no LifecyclePolicy, and its other settings in a form that no client reads; deleting the stack deletes
// the repository in spite of RetainExceptOnCreate, and leaves network, route table and address behind.
import { readFileSync } from 'node:fs';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeInstancesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  EC2Client,
  type Instance,
} from '@aws-sdk/client-ec2';
import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientSettings } from '../../testbed/cloud/account.ts';
import { listHosts } from '../../testbed/cloud/client.ts';
import { docker } from '../../testbed/cloud/docker.ts';
import { containerName, FRONT_PORT } from '../../testbed/cloud/names.ts';
import { waitUntil } from '../../testbed/cloud/wait.ts';
import { access, testCloud } from './support/cloud.ts';

const TEMPLATE = readFileSync('infra-template/single-instance.yaml', 'utf8');
const NEWEST_IMAGE = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default';
const BOOT_SECONDS = 120;

const cloudFormation = new CloudFormationClient(clientSettings(access));
const ec2 = new EC2Client(clientSettings(access));

/** Creates a stack of the template and returns its outputs. */
async function createStack(
  name: string,
  parameters: Record<string, string>,
): Promise<Record<string, string>> {
  await cloudFormation.send(
    new CreateStackCommand({
      StackName: name,
      TemplateBody: TEMPLATE,
      Parameters: Object.entries(parameters).map(([key, value]) => ({
        ParameterKey: key,
        ParameterValue: value,
      })),
      Capabilities: ['CAPABILITY_IAM'],
    }),
  );
  await waitUntilStackCreateComplete(
    { client: cloudFormation, maxWaitTime: 60, minDelay: 1 },
    { StackName: name },
  );
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
  return Object.fromEntries(
    (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [
      String(OutputKey),
      String(OutputValue),
    ]),
  );
}

async function deleteStack(name: string): Promise<void> {
  try {
    await cloudFormation.send(new DeleteStackCommand({ StackName: name }));
  } catch (error) {
    // moto gives up on the network; everything before it is deleted.
    if (!(error instanceof Error && error.name === 'DependencyViolation')) throw error;
  }
}

async function instanceOf(outputs: Record<string, string>): Promise<Instance> {
  const { Reservations } = await ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [outputs['InstanceId'] ?? ''] }),
  );
  const instance = Reservations?.[0]?.Instances?.[0];
  if (instance === undefined) throw new Error(`EC2 knows no instance ${outputs['InstanceId']}`);
  return instance;
}

async function newestImage(architecture: string): Promise<string | undefined> {
  const ssm = new SSMClient(clientSettings(access));
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: `${NEWEST_IMAGE}-${architecture}` }));
  return Parameter?.Value;
}

/** Asks IAM about a role by the AWS CLI; the answer is its JSON. */
async function askAboutRole(role: string, operation: string, ...args: string[]): Promise<string> {
  const credentials = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION'] as const;
  return await docker(
    ...[
      'exec',
      ...credentials.map((key) => `--env=${key}=${access[key]}`),
      containerName(testCloud, 'control'),
    ],
    ...['aws', `--endpoint-url=http://127.0.0.1:${FRONT_PORT}`, '--output=json'],
    ...['iam', operation, `--role-name=${role}`, ...args],
  );
}

/** The id that a resource of a stack got. */
async function resourceId(stack: string, resource: string): Promise<string> {
  const request = new DescribeStackResourceCommand({ StackName: stack, LogicalResourceId: resource });
  const { StackResourceDetail } = await cloudFormation.send(request);
  return StackResourceDetail?.PhysicalResourceId ?? '';
}

describe('a stack with defaults', () => {
  let outputs: Record<string, string>;
  let host: Instance;

  beforeAll(async () => {
    outputs = await createStack('shop', { AppName: 'shop' });
    host = await instanceOf(outputs);
  });

  afterAll(() => deleteStack('shop'));

  test('says where the app will be and what the action needs', () => {
    expect(outputs).toEqual({
      AppName: 'shop',
      InstanceId: host.InstanceId,
      ImageId: host.ImageId,
      RepositoryName: 'shop',
      RepositoryUri: expect.stringMatching(/\/shop$/),
      PublicAddress: host.PublicIpAddress,
      Url: `http://${host.PublicIpAddress}/`,
    });
  });

  test('makes the network, with a way to the internet', async () => {
    const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [host.VpcId ?? ''] }));
    expect(Vpcs?.[0]).toMatchObject({ CidrBlock: '10.0.0.0/16', IsDefault: false });
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [host.SubnetId ?? ''] }));
    expect(Subnets?.[0]).toMatchObject({ CidrBlock: '10.0.1.0/24', MapPublicIpOnLaunch: true });
    const routeTable = await resourceId('shop', 'PublicRouteTable');
    const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [routeTable] }));
    const way = expect.objectContaining({
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: expect.stringMatching(/^igw-/),
    });
    expect(RouteTables?.[0]?.Routes).toContainEqual(way);
  });

  test('opens 80 and 443, and no other port', async () => {
    const inVpc = { Name: 'vpc-id', Values: [host.VpcId ?? ''] };
    const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters: [inVpc] }));
    const [group, ...others] = SecurityGroups.filter(({ GroupName }) => GroupName !== 'default');
    expect(others).toEqual([]);
    const open = group?.IpPermissions?.map(({ FromPort, ToPort, IpRanges }) => [
      FromPort,
      ToPort,
      IpRanges?.[0]?.CidrIp,
    ]);
    expect(open?.sort()).toEqual([
      [443, 443, '0.0.0.0/0'],
      [80, 80, '0.0.0.0/0'],
    ]);
  });

  test('makes a t3.small with the newest image for it and the tag that the deploy role looks for', async () => {
    expect(host).toMatchObject({
      InstanceType: 't3.small',
      Architecture: 'x86_64',
      ImageId: await newestImage('x86_64'),
    });
    expect(host.Tags).toContainEqual({ Key: 'ec2-deploy:app', Value: 'shop' });
  });

  test('encrypts the disk', async () => {
    const volumes = host.BlockDeviceMappings?.map(({ Ebs }) => Ebs?.VolumeId ?? '') ?? [];
    const { Volumes } = await ec2.send(new DescribeVolumesCommand({ VolumeIds: volumes }));
    expect(Volumes).toEqual([expect.objectContaining({ Encrypted: true, VolumeType: 'gp3', Size: 20 })]);
  });

  test('makes a repository with the name of the app', async () => {
    const ecr = new ECRClient(clientSettings(access));
    const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: ['shop'] }));
    expect(repositories?.[0]?.imageTagMutability).toBe('MUTABLE');
  });

  test('gives the host a role of its own policies only, which pulls from this repository', async () => {
    expect(host.IamInstanceProfile?.Arn).toContain(await resourceId('shop', 'HostInstanceProfile'));
    const role = await resourceId('shop', 'HostRole');
    const [attached, names, pull] = await Promise.all([
      askAboutRole(role, 'list-attached-role-policies'),
      askAboutRole(role, 'list-role-policies'),
      askAboutRole(role, 'get-role-policy', '--policy-name=pull-images'),
    ]);
    expect(JSON.parse(attached)).toMatchObject({ AttachedPolicies: [] });
    expect(JSON.parse(names)).toMatchObject({
      PolicyNames: ['pull-images', 'read-own-settings', 'systems-manager-agent'],
    });
    expect(pull).toMatch(new RegExp(`arn:aws:ecr:${access.AWS_REGION}:\\d{12}:repository/shop\\b`));
  });

  test('boots to a host whose agent is online and whose engine answers', async () => {
    await waitUntil(`the agent of ${host.InstanceId}`, BOOT_SECONDS, async () => {
      const hosts = await listHosts(access);
      return hosts.some(({ instanceId, agent }) => instanceId === host.InstanceId && agent === 'Online');
    });
    const container = containerName(testCloud, host.InstanceId ?? '');
    expect(await docker('exec', container, 'docker', 'version', '--format={{.Server.Version}}')).toMatch(
      /^\d+\./,
    );
  });
});

test('a stack takes type, zone, disk and a kept image as told', async () => {
  const kept = await newestImage('arm64');
  const outputs = await createStack('arm', {
    AppName: 'arm',
    InstanceType: 't4g.medium',
    AvailabilityZone: `${access.AWS_REGION}b`,
    VolumeSize: '30',
    ImageId: kept ?? '',
  });
  const host = await instanceOf(outputs);
  expect(outputs['ImageId']).toBe(kept);
  expect(host).toMatchObject({
    InstanceType: 't4g.medium',
    Architecture: 'arm64',
    ImageId: kept,
    Placement: { AvailabilityZone: `${access.AWS_REGION}b` },
  });
  const volumes = host.BlockDeviceMappings?.map(({ Ebs }) => Ebs?.VolumeId ?? '') ?? [];
  const { Volumes } = await ec2.send(new DescribeVolumesCommand({ VolumeIds: volumes }));
  expect(Volumes?.[0]?.Size).toBe(30);
  await deleteStack('arm');
});

test('a deleted stack leaves no instance and no role', async () => {
  const outputs = await createStack('gone', { AppName: 'gone' });
  const role = await resourceId('gone', 'HostRole');
  await deleteStack('gone');
  expect((await instanceOf(outputs)).State?.Name).toMatch(/^(shutting-down|terminated)$/);
  await expect(askAboutRole(role, 'get-role')).rejects.toThrow('NoSuchEntity');
});
