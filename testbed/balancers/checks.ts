/** What a target group says about its health checks. */
export interface CheckSettings {
  path: string;
  port: number;
  intervalMs: number;
  timeoutMs: number;
  healthyThreshold: number;
  unhealthyThreshold: number;
  /** As in 200-299 or 200,301. */
  codes: string;
}

/** What DescribeTargetHealth calls a target; one that left its group is listed no more. */
export type TargetState = 'initial' | 'healthy' | 'unhealthy';

/** A host of a target group, and what its checks said. */
export interface Target {
  instanceId: string;
  state: TargetState;
  /** How many checks in a row ended like the last one. */
  inARow: number;
  lastPassed: boolean | undefined;
  /** What the last check that failed saw. */
  reason: string;
}

/** A target before its first check. */
export function newTarget(instanceId: string): Target {
  return { instanceId, state: 'initial', inARow: 0, lastPassed: undefined, reason: '' };
}

/**
 * A target after another check. As with AWS, one that is new is healthy with its first check that passes; the threshold is for those
 * that were unhealthy.
 *
 * @param failure what the check saw if it failed
 */
export function afterCheck(target: Target, failure: string | undefined, settings: CheckSettings): Target {
  const passed = failure === undefined;
  const inARow = target.lastPassed === passed ? target.inARow + 1 : 1;
  const threshold = target.state === 'initial' ? 1 : settings.healthyThreshold;
  const enough = inARow >= (passed ? threshold : settings.unhealthyThreshold);
  const state = enough ? (passed ? 'healthy' : 'unhealthy') : target.state;
  return { ...target, state, inARow, lastPassed: passed, reason: failure ?? '' };
}

/**
 * Which targets get requests: the healthy ones. When every one is unhealthy all of them do, as with AWS, where it may be the
 * check that is wrong.
 */
export function targetsOfTraffic(targets: Target[]): Target[] {
  const healthy = targets.filter(({ state }) => state === 'healthy');
  return targets.every(({ state }) => state === 'unhealthy') ? targets : healthy;
}

/** Whether a status is one of a matcher's codes. */
export function isExpected(status: number, codes: string): boolean {
  return codes.split(',').some((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return first !== undefined && last !== undefined && status >= first && status <= last;
  });
}

/** Asks a host as a load balancer does; what was wrong, or undefined if nothing was. */
export async function check(address: string, settings: CheckSettings): Promise<string | undefined> {
  try {
    const { status } = await fetch(`http://${address}:${settings.port}${settings.path}`, {
      redirect: 'manual',
      headers: { 'user-agent': 'ELB-HealthChecker/2.0', connection: 'close' },
      signal: AbortSignal.timeout(settings.timeoutMs),
    });
    return isExpected(status, settings.codes)
      ? undefined
      : `Health checks failed with these codes: [${status}]`;
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError'
      ? 'Request timed out'
      : 'Health checks failed';
  }
}
