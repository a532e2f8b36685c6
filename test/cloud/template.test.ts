// infra-template/single-instance.yaml on the local cloud, read back through the AWS CLI.
//
// What moto keeps of the template differs from AWS in these, which test/unit/template-hosts.test.ts and
// template-security.test.ts assert in the text: the instance gets no SecurityGroupIds; the subnet is not associated with
// its route table; the repository has no LifecyclePolicy, and its other settings in a form that no client reads; signals
// are not waited for; deleting the stack deletes the repository in spite of RetainExceptOnCreate, and leaves network,
// route table and address behind.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { access, fault, noFaults, onlineHost } from './support/cloud.ts';
import { aws } from './support/front.ts';
import { createStackOf, updateStackOf } from './support/stacks.ts';
import { deleteStackOf, query, resourceId, skippedBy } from './support/templates.ts';

const FILE = 'single-instance.yaml';
const NEWEST_IMAGE = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default';

type Fields = Record<string, unknown>;

async function instance(id: string | undefined): Promise<Fields> {
  return (await query(
    'Reservations[0].Instances[0]',
    'ec2',
    'describe-instances',
    '--instance-ids',
    id ?? '',
  )) as Fields;
}

async function volume(host: Fields): Promise<unknown> {
  const [disk] = host['BlockDeviceMappings'] as { Ebs: { VolumeId: string } }[];
  return query('Volumes[0]', 'ec2', 'describe-volumes', '--volume-ids', disk?.Ebs.VolumeId ?? '');
}

function newestImage(architecture: string): Promise<unknown> {
  return query('Parameter.Value', 'ssm', 'get-parameter', '--name', `${NEWEST_IMAGE}-${architecture}`);
}

/** The versions of the launch template, oldest first. */
async function bornWith(stack: string): Promise<Fields[]> {
  const id = await resourceId(stack, 'HostTemplate');
  const versions = await query(
    'sort_by(LaunchTemplateVersions, &VersionNumber)[].LaunchTemplateData',
    ...['ec2', 'describe-launch-template-versions', '--launch-template-id', id],
  );
  return versions as Fields[];
}

/** The ports of the stack's security group and who may use them. */
async function openings(stack: string): Promise<unknown> {
  const group = await resourceId(stack, 'HostSecurityGroup');
  const rules = await query(
    'SecurityGroups[0].IpPermissions[].[FromPort, ToPort, IpRanges[0].CidrIp]',
    ...['ec2', 'describe-security-groups', '--group-ids', group],
  );
  return (rules as [number, number, string][]).sort(([left], [right]) => left - right);
}

describe('with defaults', () => {
  let outputs: Record<string, string>;
  let host: Fields;

  beforeAll(async () => {
    outputs = await createStackOf(FILE, 'shop', { AppName: 'shop' });
    host = await instance(outputs['InstanceId']);
  });

  afterAll(() => deleteStackOf('shop'));

  test('says where the app will be, what the action needs and what add-ons take', () => {
    expect(outputs).toEqual({
      AppName: 'shop',
      InstanceId: host['InstanceId'],
      RepositoryName: 'shop',
      RepositoryUri: expect.stringMatching(/\/shop$/),
      PublicAddress: host['PublicIpAddress'],
      Url: `http://${host['PublicIpAddress']}/`,
      VpcId: host['VpcId'],
      HostSecurityGroupId: expect.stringMatching(/^sg-/),
      HostRoleName: expect.stringMatching(/^shop-HostRole-/),
      OriginDomain: `ec2-${String(host['PublicIpAddress']).replaceAll('.', '-')}.${access.AWS_REGION}.compute.amazonaws.com`,
      AlarmTopicArn: expect.stringMatching(/^arn:aws:sns:/),
    });
  });

  test('makes the network, with a way to the internet', async () => {
    const vpc = await query('Vpcs[0]', 'ec2', 'describe-vpcs', '--vpc-ids', String(host['VpcId']));
    expect(vpc).toMatchObject({ CidrBlock: '10.0.0.0/16', IsDefault: false });
    const subnet = await query(
      'Subnets[0]',
      'ec2',
      'describe-subnets',
      '--subnet-ids',
      String(host['SubnetId']),
    );
    expect(subnet).toMatchObject({ CidrBlock: '10.0.1.0/24', MapPublicIpOnLaunch: true });
    const table = await resourceId('shop', 'PublicRouteTable');
    const routes = await query(
      'RouteTables[0].Routes',
      'ec2',
      'describe-route-tables',
      '--route-table-ids',
      table,
    );
    expect(routes).toContainEqual(
      expect.objectContaining({
        DestinationCidrBlock: '0.0.0.0/0',
        GatewayId: expect.stringMatching(/^igw-/),
      }),
    );
  });

  test('opens 80 and 443, and no other port', async () => {
    expect(await openings('shop')).toEqual([
      [80, 80, '0.0.0.0/0'],
      [443, 443, '0.0.0.0/0'],
    ]);
  });

  test('makes a t3.small with the newest image for it and the tag that the deploy role looks for', async () => {
    expect(host).toMatchObject({
      InstanceType: 't3.small',
      Architecture: 'x86_64',
      ImageId: await newestImage('x86_64'),
    });
    expect(host['Tags']).toContainEqual({ Key: 'ec2-deploy:app', Value: 'shop' });
  });

  test('encrypts the disk', async () => {
    expect(await volume(host)).toMatchObject({ Encrypted: true, VolumeType: 'gp3', Size: 20 });
  });

  test('requires IMDSv2 over one hop', async () => {
    expect((await bornWith('shop')).map(({ MetadataOptions }) => MetadataOptions)).toEqual([
      expect.objectContaining({
        HttpTokens: 'required',
        HttpEndpoint: 'enabled',
        HttpPutResponseHopLimit: 1,
      }),
    ]);
  });

  test('gives the host a role of its own policies only, which pulls from this repository', async () => {
    const role = await resourceId('shop', 'HostRole');
    expect(host['IamInstanceProfile']).toMatchObject({
      Arn: expect.stringContaining(await resourceId('shop', 'HostInstanceProfile')),
    });
    const [attached, names, pull] = await Promise.all([
      query('AttachedPolicies', 'iam', 'list-attached-role-policies', '--role-name', role),
      query('PolicyNames', 'iam', 'list-role-policies', '--role-name', role),
      aws('iam', 'get-role-policy', '--role-name', role, '--policy-name', 'pull-images'),
    ]);
    expect(attached).toEqual([]);
    expect(names).toEqual(['pull-images', 'read-own-settings', 'report-boot', 'systems-manager-agent']);
    expect(JSON.stringify(pull)).toMatch(
      new RegExp(`arn:aws:ecr:${access.AWS_REGION}:\\d{12}:repository/shop\\b`),
    );
  });

  test('boots to a host whose agent is online and whose engine answers', async () => {
    const { shell } = await onlineHost(String(host['InstanceId']));
    expect(await shell("docker version --format '{{.Server.Version}}'")).toMatch(/^\d+\./);
  });

  test('replaces nothing when an update changes something else', async () => {
    await updateStackOf(FILE, 'shop', { AppName: 'shop', MonitoringCidr: '203.0.113.0/24' });
    expect(await resourceId('shop', 'Host')).toBe(host['InstanceId']);
    expect(await openings('shop')).toEqual([
      [80, 80, '0.0.0.0/0'],
      [443, 443, '0.0.0.0/0'],
      [9100, 9100, '203.0.113.0/24'],
      [9464, 9464, '203.0.113.0/24'],
    ]);
  });
});

describe('whatever becomes of its host', () => {
  // Nobody looks at these hosts, and each would take seconds to boot.
  beforeAll(() => fault({ noHosts: true }));
  afterAll(() => noFaults());

  test('with everything asked for, makes it', async () => {
    const image = String(await newestImage('arm64'));
    const outputs = await createStackOf(FILE, 'arm', {
      AppName: 'arm',
      InstanceType: 't4g.medium',
      AvailabilityZone: `${access.AWS_REGION}b`,
      VolumeSize: '30',
      ImageId: image,
      MetadataHopLimit: '2',
      SshCidr: '203.0.113.7/32',
      AppPortCidr: '10.0.0.0/8',
      CloudWatchAgent: 'true',
      ContainerLogs: 'cloudwatch',
      LogRetention: '7',
      AlarmEmail: 'team@shop.example',
      EncryptionKey: 'true',
      SecretArns: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:other-AbCdEf',
    });
    const host = await instance(outputs['InstanceId']);
    expect(host).toMatchObject({
      InstanceType: 't4g.medium',
      Architecture: 'arm64',
      ImageId: image,
      Placement: { AvailabilityZone: `${access.AWS_REGION}b` },
    });
    expect(await volume(host)).toMatchObject({ Size: 30 });
    expect(await openings('arm')).toEqual([
      [22, 22, '203.0.113.7/32'],
      [80, 80, '0.0.0.0/0'],
      [443, 443, '0.0.0.0/0'],
      [8000, 8000, '10.0.0.0/8'],
    ]);
    expect((await bornWith('arm'))[0]?.['MetadataOptions']).toMatchObject({ HttpPutResponseHopLimit: 2 });
    const groups = await query(
      'logGroups',
      'logs',
      'describe-log-groups',
      '--log-group-name-prefix',
      '/ec2-deploy/arm',
    );
    expect(groups).toEqual([expect.objectContaining({ retentionInDays: 7 })]);
    expect(await query('Keys[].KeyArn', 'kms', 'list-keys')).toContain(outputs['KeyArn']);
    const names = await query(
      'PolicyNames',
      'iam',
      'list-role-policies',
      '--role-name',
      outputs['HostRoleName'] ?? '',
    );
    expect(names).toEqual(
      expect.arrayContaining([
        'send-container-logs',
        'send-metrics',
        'decrypt-own-settings',
        'read-named-secrets',
      ]),
    );
    expect(await query('DashboardEntries[].DashboardName', 'cloudwatch', 'list-dashboards')).toContain(
      `arm-${access.AWS_REGION}`,
    );
    expect(await skippedBy('arm')).toEqual({ 'AWS::CloudWatch::Alarm': 6, 'AWS::SNS::Subscription': 1 });
    await deleteStackOf('arm');
  });

  test('makes a new version of what hosts are born with when they are to be replaced', async () => {
    await createStackOf(FILE, 'again', { AppName: 'again' });
    await updateStackOf(FILE, 'again', { AppName: 'again', HostGeneration: '2' });
    const [first, second] = await bornWith('again');
    expect(second?.['TagSpecifications']).not.toEqual(first?.['TagSpecifications']);
    await deleteStackOf('again');
  });

  test('leaves no instance and no role when it is deleted', async () => {
    const outputs = await createStackOf(FILE, 'gone', { AppName: 'gone' });
    await deleteStackOf('gone');
    expect(await instance(outputs['InstanceId'])).toMatchObject({
      State: { Name: expect.stringMatching(/^(?:shutting-down|terminated)$/) },
    });
    await expect(aws('iam', 'get-role', '--role-name', outputs['HostRoleName'] ?? '')).rejects.toThrow(
      'NoSuchEntity',
    );
  });
});
