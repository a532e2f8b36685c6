// infra-template/fleet.yaml and fleet-alarms.yaml on the local cloud, read back through the AWS CLI.
//
// What moto keeps of them differs from AWS in these, which test/unit/template-hosts.test.ts asserts in the text: instances
// of a group get no address of the group's subnets and no metadata options, and are not registered with the load balancer
// by a health check; a target group has no attributes; an update of the group makes another one, without a rolling update;
// signals are not waited for.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fault, noFaults, onlineHost } from './support/cloud.ts';
import { aws } from './support/front.ts';
import { createStackOf, updateStackOf } from './support/stacks.ts';
import { deleteStackOf, query, resourceId, skippedBy } from './support/templates.ts';

const FILE = 'fleet.yaml';

type Fields = Record<string, unknown>;

async function group(outputs: Record<string, string>): Promise<Fields> {
  const name = outputs['AutoScalingGroupName'] ?? '';
  const command = ['autoscaling', 'describe-auto-scaling-groups', '--auto-scaling-group-names', name];
  return (await query('AutoScalingGroups[0]', ...command)) as Fields;
}

function instanceIds(group: Fields): string[] {
  return (group['Instances'] as { InstanceId: string }[]).map(({ InstanceId }) => InstanceId);
}

/** moto leaves the instances of a deleted group running, and the target group with them in it. */
async function deleteFleet(stack: string, outputs: Record<string, string>): Promise<void> {
  const instances = instanceIds(await group(outputs));
  await deleteStackOf(stack);
  if (instances.length > 0) await aws('ec2', 'terminate-instances', '--instance-ids', ...instances);
  await aws('elbv2', 'delete-target-group', '--target-group-arn', outputs['TargetGroupArn'] ?? '');
}

afterAll(() => noFaults());

describe('with defaults, and one host', () => {
  let outputs: Record<string, string>;
  let made: Fields;

  beforeAll(async () => {
    outputs = await createStackOf(FILE, 'fleet', { AppName: 'fleet', MinSize: '1' });
    made = await group(outputs);
  });

  afterAll(async () => deleteFleet('fleet', outputs));

  test('says what the action needs, where the app will be and what add-ons take', () => {
    const balancer = expect.stringMatching(/^app\/fleet-Balancer-[^/]+\/[0-9a-f]+$/);
    expect(outputs).toMatchObject({
      AppName: 'fleet',
      AutoScalingGroupName: made['AutoScalingGroupName'],
      TargetGroupArn: expect.stringMatching(/:targetgroup\//),
      RepositoryName: 'fleet',
      Url: `http://${outputs['OriginDomain']}/`,
      BalancerFullName: balancer,
      VpcId: expect.stringMatching(/^vpc-/),
      HostSecurityGroupId: expect.stringMatching(/^sg-/),
      HostRoleName: expect.stringMatching(/^fleet-HostRole-/),
    });
  });

  test('makes the group over two zones, whose hosts carry the tag that the deploy role looks for', async () => {
    expect(made).toMatchObject({
      MinSize: 1,
      MaxSize: 5,
      HealthCheckType: 'EC2',
      HealthCheckGracePeriod: 1500,
      TargetGroupARNs: [outputs['TargetGroupArn']],
    });
    expect(String(made['VPCZoneIdentifier']).split(',')).toHaveLength(2);
    const [id = ''] = instanceIds(made);
    const tags = await query(
      'Reservations[0].Instances[0].Tags',
      'ec2',
      'describe-instances',
      '--instance-ids',
      id,
    );
    expect(tags).toContainEqual({ Key: 'ec2-deploy:app', Value: 'fleet' });
  });

  test('requires IMDSv2 over one hop of every host, and encrypts its disk', async () => {
    const id = await resourceId('fleet', 'HostTemplate');
    const data = await query(
      'LaunchTemplateVersions[0].LaunchTemplateData',
      ...['ec2', 'describe-launch-template-versions', '--launch-template-id', id],
    );
    expect(data).toMatchObject({
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [{ Ebs: expect.objectContaining({ Encrypted: true, VolumeType: 'gp3' }) }],
    });
  });

  test('checks the health of hosts', async () => {
    const arn = outputs['TargetGroupArn'] ?? '';
    const target = await query(
      'TargetGroups[0]',
      'elbv2',
      'describe-target-groups',
      '--target-group-arns',
      arn,
    );
    expect(target).toMatchObject({
      HealthCheckPath: '/health',
      HealthCheckIntervalSeconds: 10,
      HealthyThresholdCount: 2,
      Port: 80,
    });
  });

  test('forwards HTTP, since it has no certificate', async () => {
    const balancer = await resourceId('fleet', 'Balancer');
    const listeners = await query(
      'Listeners',
      'elbv2',
      'describe-listeners',
      '--load-balancer-arn',
      balancer,
    );
    expect(listeners).toEqual([
      expect.objectContaining({ Port: 80, DefaultActions: [expect.objectContaining({ Type: 'forward' })] }),
    ]);
  });

  test('boots a host whose agent is online and whose engine answers', async () => {
    const [id = ''] = instanceIds(made);
    const { shell } = await onlineHost(id);
    expect(await shell("docker version --format '{{.Server.Version}}'")).toMatch(/^\d+\./);
  });

  test('gives its outputs to the alarms', async () => {
    const { AutoScalingGroupName = '', BalancerFullName = '', TargetGroupFullName = '' } = outputs;
    const { AlarmTopicArn } = await createStackOf('fleet-alarms.yaml', 'fleet-alarms', {
      AppName: 'fleet',
      AutoScalingGroupName,
      BalancerFullName,
      TargetGroupFullName,
      CloudWatchAgent: 'true',
      AlarmEmail: 'team@shop.example',
    });
    expect(await query('Topics[].TopicArn', 'sns', 'list-topics')).toContain(AlarmTopicArn);
    expect(await skippedBy('fleet-alarms')).toEqual({
      'AWS::CloudWatch::Alarm': 7,
      'AWS::SNS::Subscription': 1,
    });
    await deleteStackOf('fleet-alarms');
  });
});

test('with everything asked for, makes it; then lets it grow', async () => {
  // Nobody looks at its hosts, and each would take seconds to boot.
  await fault({ noHosts: true });
  const certificate = await query(
    'CertificateArn',
    'acm',
    'request-certificate',
    '--domain-name',
    'shop.example',
  );
  const everything = {
    AppName: 'wide',
    MinSize: '1',
    MaxSize: '2',
    Zones: '3',
    HostNetwork: 'nat-per-zone',
    SpotShare: '50',
    CertificateArn: String(certificate),
    ReplaceUnhealthyHosts: 'true',
    DrainSeconds: '60',
    Firewall: 'true',
    FlowLogs: 'true',
    MonitoringCidr: '203.0.113.0/24',
  };
  const outputs = await createStackOf(FILE, 'wide', everything);
  const made = await group(outputs);
  expect(outputs['Url']).toMatch(/^https:/);
  expect(made).toMatchObject({ HealthCheckType: 'ELB' });
  expect(made['MixedInstancesPolicy']).toMatchObject({
    InstancesDistribution: { OnDemandBaseCapacity: 1, OnDemandPercentageAboveBaseCapacity: 50 },
  });
  const inVpc = `Name=vpc-id,Values=${outputs['VpcId']}`;
  const gateways = await query('NatGateways[].SubnetId', 'ec2', 'describe-nat-gateways', '--filter', inVpc);
  expect(new Set(gateways as string[]).size).toBe(3);
  const subnets = await query('Subnets[].CidrBlock', 'ec2', 'describe-subnets', '--filters', inVpc);
  expect(subnets).toHaveLength(6);
  const logs = await query(
    `FlowLogs[?ResourceId=='${outputs['VpcId']}'].TrafficType`,
    'ec2',
    'describe-flow-logs',
  );
  expect(logs).toEqual(['ALL']);
  const listeners = await query(
    'sort_by(Listeners, &Port)[].[Port, DefaultActions[0].Type]',
    ...['elbv2', 'describe-listeners', '--load-balancer-arn', await resourceId('wide', 'Balancer')],
  );
  expect(listeners).toEqual([
    [80, 'redirect'],
    [443, 'forward'],
  ]);
  expect(await skippedBy('wide')).toEqual({
    'AWS::AutoScaling::ScalingPolicy': 1,
    'AWS::WAFv2::WebACL': 1,
    'AWS::WAFv2::WebACLAssociation': 1,
  });
  await updateStackOf(FILE, 'wide', { ...everything, MaxSize: '3' });
  const updated = await withGroupOf('wide', outputs);
  expect(await group(updated)).toMatchObject({ MaxSize: 3 });
  await deleteFleet('wide', updated);
});

/** The outputs with the name of the group that the stack has now. */
async function withGroupOf(stack: string, outputs: Record<string, string>): Promise<Record<string, string>> {
  return { ...outputs, AutoScalingGroupName: await resourceId(stack, 'Group') };
}
