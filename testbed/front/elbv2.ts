import type { BalancerView } from '../balancers/balancers.ts';
import type { Handler } from './handler.ts';
import { type JsonObject, stringAt } from './json.ts';

/** The operations of load balancers that moto doesn't do: it says of every host that it is healthy. */
export function elbv2Handlers(balancers: () => BalancerView[]): Record<string, Handler> {
  return {
    DescribeTargetHealth: (request) => {
      const arn = stringAt(request, 'TargetGroupArn');
      const balancer = balancers().find(({ targetGroupArn }) => targetGroupArn === arn);
      return balancer && { TargetHealthDescriptions: balancer.targets.map(healthOf) };
    },
  };
}

const REASONS = { initial: 'Elb.InitialHealthChecking', unhealthy: 'Target.FailedHealthChecks' };

function healthOf({ instanceId, state, reason }: BalancerView['targets'][number]): JsonObject {
  return {
    Target: { Id: instanceId },
    TargetHealth: {
      State: state,
      ...(state === 'healthy' ? {} : { Reason: REASONS[state], Description: reason }),
    },
  };
}
