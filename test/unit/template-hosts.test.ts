// What single-instance.yaml and fleet.yaml make of their parameters.
import { describe, expect, test } from 'vitest';
import { ResolvedTemplate } from '../../scripts/cloudformation.ts';
import { placeholders } from '../../scripts/roles.ts';
import { resourcesOf, templateOf } from './support/templates.ts';

const hostTemplates = ['single-instance.yaml', 'fleet.yaml'];

interface LaunchTemplateData {
  ImageId: string;
  TagSpecifications: { ResourceType: string; Tags: { Key: string; Value: unknown }[] }[];
}

function resolved(file: string, refs: Record<string, string> = {}): ResolvedTemplate {
  return new ResolvedTemplate(templateOf(file), { refs: { ...placeholders, GetAZs: '', ...refs } });
}

function launchTemplate(file: string, refs: Record<string, string> = {}): LaunchTemplateData {
  return resolved(file, refs).properties('HostTemplate')['LaunchTemplateData'] as LaunchTemplateData;
}

describe.each(hostTemplates)('%s', (file) => {
  const template = templateOf(file);

  test('launches hosts with the newest image of the architecture that each type has', () => {
    const { AllowedValues = [], Default } = template.Parameters['InstanceType'] as unknown as {
      AllowedValues: string[];
      Default: string;
    };
    expect(Default).toBe('t3.small');
    expect(AllowedValues).toContain('t4g.small');
    for (const InstanceType of AllowedValues) {
      const architecture = InstanceType.startsWith('t4g.') ? 'arm64' : 'x86_64';
      expect(launchTemplate(file, { InstanceType }).ImageId).toBe(
        `resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`,
      );
    }
  });

  test('reads no image when the stack is updated, so that no update replaces hosts by surprise', () => {
    const types = Object.values(template.Parameters).map(({ Type }) => Type);
    expect(types.filter((type) => type.startsWith('AWS::SSM::Parameter'))).toEqual([]);
    expect(JSON.stringify(template)).not.toContain('{{resolve:ssm:');
  });

  test('takes another image, and replaces hosts, only when told so', () => {
    const image = 'ami-0123456789abcdef0';
    expect(launchTemplate(file, { ImageId: image }).ImageId).toBe(image);
    const [first, second] = ['1', '2'].map((HostGeneration) => launchTemplate(file, { HostGeneration }));
    expect(first).not.toEqual(second);
    expect({ ...first, TagSpecifications: second?.TagSpecifications }).toEqual(second);
  });

  test('gives hosts the version of the launch template that was just made', () => {
    expect(JSON.stringify(template.Resources)).toContain(
      '"Version":{"GetAtt":"HostTemplate.LatestVersionNumber"}',
    );
  });

  test('waits until a host has told how its boot ended', () => {
    const host = template.Resources['Host'] ?? template.Resources['Group'];
    expect(host).toMatchObject({ CreationPolicy: { ResourceSignal: { Timeout: 'PT30M' } } });
  });

  test('lets only image tags move whose use is to move', () => {
    expect(resolved(file).properties('Repository')).toMatchObject({
      ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      ImageTagMutabilityExclusionFilters: ['latest', 'buildcache*'].map((value) => ({
        ImageTagMutabilityExclusionFilterType: 'WILDCARD',
        ImageTagMutabilityExclusionFilterValue: value,
      })),
      ImageScanningConfiguration: { ScanOnPush: true },
      EncryptionConfiguration: { EncryptionType: 'AES256' },
    });
  });

  test('keeps the last ten images, and counts the build cache apart', () => {
    const { LifecyclePolicy } = resolved(file).properties('Repository');
    const { LifecyclePolicyText } = LifecyclePolicy as { LifecyclePolicyText: string };
    expect(LifecyclePolicyText.length).toBeGreaterThanOrEqual(100);
    const [cache, images, ...others] = JSON.parse(LifecyclePolicyText).rules;
    expect(others).toEqual([]);
    expect(cache.selection).toMatchObject({ tagPatternList: ['buildcache*'] });
    expect(images.selection).toEqual({ tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 });
    // A rule for any image must come last.
    expect(images.rulePriority).toBeGreaterThan(cache.rulePriority);
  });

  test('opens the metrics ports to whom it is told, and to nobody otherwise', () => {
    const ports = (parameters: Record<string, string>) =>
      resourcesOf(template, 'AWS::EC2::SecurityGroupIngress')
        .filter(([name]) => resolved(file, parameters).creates(name))
        .map(([, { FromPort, CidrIp }]) => [FromPort, resolved(file, parameters).resolve(CidrIp)]);
    expect(ports({})).toEqual([]);
    expect(ports({ MonitoringCidr: '203.0.113.7/32' })).toEqual([
      [9464, '203.0.113.7/32'],
      [9100, '203.0.113.7/32'],
    ]);
  });

  test('makes logs, key and policies only when asked for', () => {
    const made = (parameters: Record<string, string>) =>
      ['LogGroup', 'SendLogsPolicy', 'SendMetricsPolicy', 'Key', 'KeyPolicy', 'NamedSecretsPolicy'].filter(
        (name) => resolved(file, parameters).creates(name),
      );
    expect(made({})).toEqual([]);
    expect(made({ ContainerLogs: 'cloudwatch' })).toEqual(['LogGroup', 'SendLogsPolicy']);
    expect(made({ CloudWatchAgent: 'true' })).toEqual(['SendMetricsPolicy']);
    expect(made({ EncryptionKey: 'true' })).toEqual(['Key', 'KeyPolicy']);
    expect(made({ SecretArns: 'arn' })).toEqual(['NamedSecretsPolicy']);
  });
});

describe('single-instance.yaml', () => {
  const template = templateOf('single-instance.yaml');

  test('makes the network that the documentation shows', () => {
    expect(template.Resources['Vpc']?.Properties['CidrBlock']).toBe('10.0.0.0/16');
    expect(template.Resources['PublicSubnet']?.Properties['CidrBlock']).toBe('10.0.1.0/24');
  });

  test('starts the host only when it can reach the internet', () => {
    expect(template.Resources['Host']).toHaveProperty('DependsOn', [
      'PublicRoute',
      'PublicSubnetRouteTableAssociation',
    ]);
  });

  test('marks the host as this app’s', () => {
    expect(resolved('single-instance.yaml').properties('Host')['Tags']).toContainEqual({
      Key: 'ec2-deploy:app',
      Value: 'APP',
    });
  });

  test('opens 22 and 8000 to whom it is told only', () => {
    const opened = (parameters: Record<string, string>) =>
      ['SshRule', 'AppPortRule'].filter((name) => resolved('single-instance.yaml', parameters).creates(name));
    expect(opened({})).toEqual([]);
    expect(opened({ SshCidr: '203.0.113.7/32' })).toEqual(['SshRule']);
    expect(opened({ AppPortCidr: '203.0.113.7/32' })).toEqual(['AppPortRule']);
  });

  test('has EC2 recover the machine and reboot the system, each by the check that is meant for it', () => {
    const alarm = (name: string) => resolved('single-instance.yaml').properties(name);
    expect(alarm('SystemStatusAlarm')).toMatchObject({
      MetricName: 'StatusCheckFailed_System',
      EvaluationPeriods: 2,
      AlarmActions: ['arn:aws:automate:REGION:ec2:recover', 'AlarmTopic'],
    });
    expect(alarm('InstanceStatusAlarm')).toMatchObject({
      MetricName: 'StatusCheckFailed_Instance',
      EvaluationPeriods: 3,
      AlarmActions: ['arn:aws:automate:REGION:ec2:reboot', 'AlarmTopic'],
    });
  });

  test.each([
    ['unlimited', { MetricName: 'CPUSurplusCreditsCharged', ComparisonOperator: 'GreaterThanThreshold' }],
    ['standard', { MetricName: 'CPUCreditBalance', ComparisonOperator: 'LessThanThreshold' }],
  ])('warns of what %s credits cost', (CpuCredits, expected) => {
    expect(resolved('single-instance.yaml', { CpuCredits }).properties('CpuCreditAlarm')).toMatchObject(
      expected,
    );
  });

  test('watches memory and disk where the agent sends them', () => {
    const alarms = (parameters: Record<string, string>) =>
      resourcesOf(template, 'AWS::CloudWatch::Alarm')
        .map(([name]) => name)
        .filter((name) => resolved('single-instance.yaml', parameters).creates(name));
    const always = ['SystemStatusAlarm', 'InstanceStatusAlarm', 'CpuAlarm', 'CpuCreditAlarm'];
    expect(alarms({})).toEqual(always);
    expect(alarms({ CloudWatchAgent: 'true' })).toEqual([...always, 'MemoryAlarm', 'DiskAlarm']);
    expect(alarms({ Alarms: 'false', CloudWatchAgent: 'true' })).toEqual([]);
  });

  test('has a dashboard that CloudWatch can read', () => {
    const { DashboardBody } = resolved('single-instance.yaml').properties('HostDashboard');
    expect(JSON.parse(String(DashboardBody)).widgets.length).toBeGreaterThan(3);
  });
});

describe('fleet.yaml', () => {
  const group = (parameters: Record<string, string> = {}) =>
    resolved('fleet.yaml', parameters).properties('Group');

  test.each([
    ['2', 'public', ['PublicSubnetA', 'PublicSubnetB']],
    ['3', 'public', ['PublicSubnetA', 'PublicSubnetB', 'PublicSubnetC']],
    ['2', 'nat', ['PrivateSubnetA', 'PrivateSubnetB']],
    ['3', 'endpoints', ['PrivateSubnetA', 'PrivateSubnetB', 'PrivateSubnetC']],
  ])('spreads hosts over %s zones of a %s network', (Zones, HostNetwork, subnets) => {
    const made = resolved('fleet.yaml', { Zones, HostNetwork });
    expect(group({ Zones, HostNetwork })['VPCZoneIdentifier']).toEqual(subnets);
    expect(subnets.filter((subnet) => !made.creates(subnet))).toEqual([]);
  });

  test.each([
    ['public', '3', []],
    ['nat', '3', ['NatGatewayA']],
    ['nat-per-zone', '2', ['NatGatewayA', 'NatGatewayB']],
    ['nat-per-zone', '3', ['NatGatewayA', 'NatGatewayB', 'NatGatewayC']],
    ['endpoints', '3', []],
  ])(
    'has for %s in %s zones the gateways %j, and every route leads to one',
    (HostNetwork, Zones, gateways) => {
      const made = resolved('fleet.yaml', { HostNetwork, Zones });
      const [all, routes] = ['NatGateway', 'NatRoute'].map((kind) =>
        ['A', 'B', 'C'].map((zone) => `${kind}${zone}`).filter((name) => made.creates(name)),
      );
      expect(all).toEqual(gateways);
      for (const route of routes ?? []) expect(gateways).toContain(made.properties(route)['NatGatewayId']);
      expect(routes).toHaveLength(HostNetwork.startsWith('nat') ? Number(Zones) : 0);
    },
  );

  test('lets only the load balancer reach the app', () => {
    expect(resolved('fleet.yaml').properties('HostSecurityGroup')['SecurityGroupIngress']).toEqual([
      expect.objectContaining({ FromPort: 80, SourceSecurityGroupId: 'BalancerSecurityGroup.GroupId' }),
    ]);
  });

  test('sends requests to healthy hosts only, and lets those that leave finish', () => {
    const target = resolved('fleet.yaml', { HealthPath: '/up', DrainSeconds: '45' }).properties(
      'TargetGroup',
    );
    expect(target).toMatchObject({ HealthCheckPath: '/up', Matcher: { HttpCode: '200-299' } });
    expect(target['TargetGroupAttributes']).toContainEqual({
      Key: 'deregistration_delay.timeout_seconds',
      Value: '45',
    });
  });

  test('redirects to HTTPS when it has a certificate, and forwards otherwise', () => {
    const listener = (parameters: Record<string, string>) =>
      resolved('fleet.yaml', parameters).properties('HttpListener')['DefaultActions'];
    expect(listener({})).toEqual([{ Type: 'forward', TargetGroupArn: 'TargetGroup' }]);
    expect(listener({ CertificateArn: 'arn' })).toEqual([
      { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } },
    ]);
    expect(resolved('fleet.yaml').creates('HttpsListener')).toBe(false);
    expect(resolved('fleet.yaml', { CertificateArn: 'arn' }).creates('HttpsListener')).toBe(true);
  });

  test.each([
    ['0', 100],
    ['25', 75],
    ['100', 0],
  ])('with a spot share of %s % takes %i % on demand beyond the fewest hosts', (SpotShare, onDemand) => {
    expect(group({ SpotShare, MinSize: '3' })['MixedInstancesPolicy']).toMatchObject({
      InstancesDistribution: { OnDemandBaseCapacity: '3', OnDemandPercentageAboveBaseCapacity: onDemand },
    });
  });

  test('replaces hosts one after the other, and goes on when the new one has told that it serves', () => {
    expect(templateOf('fleet.yaml').Resources['Group']).toMatchObject({
      UpdatePolicy: {
        AutoScalingRollingUpdate: {
          MinInstancesInService: { Ref: 'MinSize' },
          MaxBatchSize: 1,
          WaitOnResourceSignals: true,
        },
      },
    });
  });

  test('replaces a host that does not answer only when told so, since none does before the first deploy', () => {
    expect(group()['HealthCheckType']).toBe('EC2');
    expect(group({ ReplaceUnhealthyHosts: 'true' })['HealthCheckType']).toBe('ELB');
  });

  test('tags every host as this app’s', () => {
    expect(group()['Tags']).toContainEqual({ Key: 'ec2-deploy:app', Value: 'APP', PropagateAtLaunch: true });
  });

  test('has a firewall, flow logs and access logs on request', () => {
    const optional = ['FirewallRules', 'FirewallAssociation', 'FlowLog', 'FlowLogRole'];
    const made = (parameters: Record<string, string>) =>
      optional.filter((name) => resolved('fleet.yaml', parameters).creates(name));
    expect(made({})).toEqual([]);
    expect(made({ Firewall: 'true', FlowLogs: 'true' })).toEqual(optional);
    const attributes = resolved('fleet.yaml', { AccessLogBucket: 'logs' }).properties('Balancer');
    expect(attributes['LoadBalancerAttributes']).toContainEqual({
      Key: 'access_logs.s3.bucket',
      Value: 'logs',
    });
  });
});

test('every output that an add-on takes is one of both host templates', () => {
  const taken = ['VpcId', 'HostSecurityGroupId', 'HostRoleName', 'OriginDomain'];
  for (const file of hostTemplates)
    expect(Object.keys(templateOf(file).Outputs)).toEqual(expect.arrayContaining(taken));
  const asked = ['database.yaml', 'cache.yaml', 'edge.yaml'].flatMap((file) =>
    Object.keys(templateOf(file).Parameters),
  );
  expect(taken.filter((name) => !asked.includes(name))).toEqual([]);
});

test('fleet-alarms.yaml takes outputs of fleet.yaml', () => {
  const outputs = Object.keys(templateOf('fleet.yaml').Outputs);
  const asked = Object.keys(templateOf('fleet-alarms.yaml').Parameters);
  expect(asked.filter((name) => outputs.includes(name))).toEqual([
    'AppName',
    'AutoScalingGroupName',
    'BalancerFullName',
    'TargetGroupFullName',
    'KeyArn',
  ]);
});
