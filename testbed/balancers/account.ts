import type { Moto } from '../front/moto.ts';
import { type Element, find, membersOf, parseXml, textOf } from '../front/xml.ts';
import type { CheckSettings } from './checks.ts';

/** A target group that a load balancer forwards to. */
export interface TargetGroup {
  arn: string;
  balancerArn: string;
  settings: CheckSettings;
  /** Hosts that were registered by a call. */
  registered: string[];
}

/** An Auto Scaling group, as far as it has to do with the health of its hosts. */
export interface ScalingGroup {
  name: string;
  targetGroupArns: string[];
  /** Whether the load balancer's checks count, too. */
  asksBalancer: boolean;
  graceMs: number;
  members: { instanceId: string; markedUnhealthy: boolean }[];
}

/** The target groups that moto has behind load balancers. */
export async function readTargetGroups(moto: Moto): Promise<TargetGroup[]> {
  const answer = parseXml(await moto.query('elbv2', { Action: 'DescribeTargetGroups' }));
  const attached = find(answer, 'TargetGroups').children.filter(
    (group) => membersOf(group, 'LoadBalancerArns').length > 0,
  );
  return Promise.all(
    attached.map(async (group) => ({
      arn: textOf(group, 'TargetGroupArn'),
      balancerArn: membersOf(group, 'LoadBalancerArns')[0]?.text ?? '',
      settings: readSettings(group),
      registered: await readRegistered(moto, textOf(group, 'TargetGroupArn')),
    })),
  );
}

function readSettings(group: Element): CheckSettings {
  const number = (name: string): number => Number(textOf(group, name));
  return {
    path: textOf(group, 'HealthCheckPath'),
    port: number('Port'),
    intervalMs: number('HealthCheckIntervalSeconds') * 1000,
    timeoutMs: number('HealthCheckTimeoutSeconds') * 1000,
    healthyThreshold: number('HealthyThresholdCount'),
    unhealthyThreshold: number('UnhealthyThresholdCount'),
    codes: textOf(find(group, 'Matcher'), 'HttpCode'),
  };
}

async function readRegistered(moto: Moto, TargetGroupArn: string): Promise<string[]> {
  const answer = parseXml(await moto.query('elbv2', { Action: 'DescribeTargetHealth', TargetGroupArn }));
  return find(answer, 'TargetHealthDescriptions').children.map((one) => textOf(find(one, 'Target'), 'Id'));
}

/** The Auto Scaling groups that moto has. */
export async function readScalingGroups(moto: Moto): Promise<ScalingGroup[]> {
  const answer = parseXml(await moto.query('autoscaling', { Action: 'DescribeAutoScalingGroups' }));
  return find(answer, 'AutoScalingGroups').children.map((group) => ({
    name: textOf(group, 'AutoScalingGroupName'),
    targetGroupArns: membersOf(group, 'TargetGroupARNs').map(({ text }) => text),
    asksBalancer: textOf(group, 'HealthCheckType') === 'ELB',
    graceMs: Number(textOf(group, 'HealthCheckGracePeriod')) * 1000,
    members: membersOf(group, 'Instances').map((instance) => ({
      instanceId: textOf(instance, 'InstanceId'),
      markedUnhealthy: textOf(instance, 'HealthStatus') === 'Unhealthy',
    })),
  }));
}

/** Terminates a host of a group, which gets another one for it. */
export async function replaceMember(moto: Moto, instanceId: string): Promise<void> {
  await moto.query('autoscaling', {
    Action: 'TerminateInstanceInAutoScalingGroup',
    InstanceId: instanceId,
    ShouldDecrementDesiredCapacity: 'false',
  });
}
