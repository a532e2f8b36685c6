import { setTimeout as delay } from 'node:timers/promises';
import type { Moto } from '../front/moto.ts';
import type { HostDirectory } from '../hosts/directory.ts';
import {
  readScalingGroups,
  readTargetGroups,
  replaceMember,
  type ScalingGroup,
  type TargetGroup,
} from './account.ts';
import { afterCheck, check, newTarget, type Target, targetsOfTraffic } from './checks.ts';
import { BalancerProxy } from './proxy.ts';

/** Without a load balancer it is enough to look now and then whether there is one. */
const IDLE_MILLISECONDS = 5000;
const POLL_MILLISECONDS = 1000;
/** So long EC2's status check has to fail before a group gives its host up. */
const IMPAIRED_MILLISECONDS = 10_000;

/** A load balancer as GET /_cloud/balancers tells of it. */
export interface BalancerView {
  balancerArn: string;
  targetGroupArn: string;
  /** Where the machine reaches it, as 127.0.0.1:PORT. */
  address: string;
  targets: Target[];
}

interface Balancer {
  group: TargetGroup;
  proxy: BalancerProxy;
  targets: Target[];
  nextCheck: number;
}

export interface BalancersContext {
  cloud: string;
  moto: Moto;
  directory: HostDirectory;
  /** Told when an instance may have been started or ended. */
  instancesChanged: () => void;
}

/** What AWS does with a fleet and moto only records: load balancers, and hosts that are replaced. */
export class Balancers {
  readonly #context: BalancersContext;
  readonly #balancers = new Map<string, Balancer>();
  readonly #firstSeen = new Map<string, number>();
  readonly #downSince = new Map<string, number>();

  constructor(context: BalancersContext) {
    this.#context = context;
  }

  /** Works until the signal aborts. An error is logged and the next round tries again. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#look();
      } catch (error) {
        console.error('balancers:', error instanceof Error ? error.message : error);
      }
      await delay(this.#balancers.size > 0 ? POLL_MILLISECONDS : IDLE_MILLISECONDS);
    }
  }

  /** The load balancers that run. */
  list(): BalancerView[] {
    return [...this.#balancers.values()].map(({ group, proxy, targets }) => ({
      balancerArn: group.balancerArn,
      targetGroupArn: group.arn,
      address: proxy.address,
      targets,
    }));
  }

  async #look(): Promise<void> {
    const targetGroups = await readTargetGroups(this.#context.moto);
    const scalingGroups = targetGroups.length > 0 ? await readScalingGroups(this.#context.moto) : [];
    const groups = targetGroups.filter((group) => isUsed(group, scalingGroups));
    await this.#removeOthers(new Set(groups.map(({ arn }) => arn)));
    if (groups.length === 0) return;
    await Promise.all(groups.map((group) => this.#serve(group, hostsOf(group, scalingGroups))));
    for (const group of scalingGroups) await this.#replaceBroken(group);
  }

  async #removeOthers(wanted: Set<string>): Promise<void> {
    for (const [arn, { proxy }] of this.#balancers) {
      if (wanted.has(arn)) continue;
      this.#balancers.delete(arn);
      await proxy.remove();
    }
  }

  async #serve(group: TargetGroup, hosts: string[]): Promise<void> {
    const balancer = this.#balancers.get(group.arn) ?? (await this.#begin(group));
    if (Date.now() < balancer.nextCheck) return;
    balancer.nextCheck = Date.now() + group.settings.intervalMs;
    await this.#check({ ...balancer, group }, hosts);
  }

  async #begin(group: TargetGroup): Promise<Balancer> {
    const name = `balancer-${group.arn.split('/').at(-1)}`;
    const proxy = await BalancerProxy.start(this.#context.cloud, name);
    const balancer = { group, proxy, targets: [], nextCheck: 0 };
    this.#balancers.set(group.arn, balancer);
    console.log(`balancers: ${group.balancerArn} answers at ${proxy.address}`);
    return balancer;
  }

  /** Takes up who joined and who left, checks them all, and only then says so: whoever reads it can count on the traffic. */
  async #check({ group, proxy, targets }: Balancer, hosts: string[]): Promise<void> {
    const checked = await Promise.all(
      hosts.map(async (instanceId) => {
        const target = targets.find((one) => one.instanceId === instanceId) ?? newTarget(instanceId);
        const address = this.#addressOf(instanceId);
        const failure = address === '' ? 'Health checks failed' : await check(address, group.settings);
        return afterCheck(target, failure, group.settings);
      }),
    );
    const addresses = targetsOfTraffic(checked).map(({ instanceId }) => this.#addressOf(instanceId));
    await proxy.sendTo(
      addresses.filter((address) => address !== '').map((address) => `${address}:${group.settings.port}`),
    );
    const balancer = this.#balancers.get(group.arn);
    if (balancer) balancer.targets = checked;
  }

  #addressOf(instanceId: string): string {
    return this.#context.directory.find(instanceId)?.privateAddress ?? '';
  }

  async #replaceBroken(group: ScalingGroup): Promise<void> {
    for (const { instanceId, markedUnhealthy } of group.members) {
      const why = markedUnhealthy ? 'marked unhealthy' : this.#whatIsBroken(group, instanceId);
      if (why === undefined) continue;
      console.log(`balancers: ${group.name} replaces ${instanceId}: ${why}`);
      await replaceMember(this.#context.moto, instanceId);
      this.#context.instancesChanged();
    }
  }

  #whatIsBroken(group: ScalingGroup, instanceId: string): string | undefined {
    if (this.#downFor(instanceId) >= IMPAIRED_MILLISECONDS) return 'failed its status check';
    const age = elapsed(this.#firstSeen, instanceId);
    if (!group.asksBalancer || age < group.graceMs) return undefined;
    const targets = group.targetGroupArns.flatMap((arn) => this.#balancers.get(arn)?.targets ?? []);
    const unhealthy = targets.find(
      (target) => target.instanceId === instanceId && target.state === 'unhealthy',
    );
    return unhealthy && 'failed the load balancer’s checks';
  }

  /** For how long a host has been down that EC2 says is running, in milliseconds. */
  #downFor(instanceId: string): number {
    const host = this.#context.directory.find(instanceId);
    if (host?.privateAddress !== '') {
      this.#downSince.delete(instanceId);
      return 0;
    }
    return elapsed(this.#downSince, instanceId);
  }
}

/** Whether anything brings hosts into a target group: moto keeps groups of stacks that it could not delete whole. */
function isUsed({ arn, registered }: TargetGroup, groups: ScalingGroup[]): boolean {
  return registered.length > 0 || groups.some(({ targetGroupArns }) => targetGroupArns.includes(arn));
}

/** The hosts of a target group: of the Auto Scaling groups that it is attached to, and those that were registered. */
function hostsOf({ arn, registered }: TargetGroup, groups: ScalingGroup[]): string[] {
  const attached = groups.filter(({ targetGroupArns }) => targetGroupArns.includes(arn));
  const members = attached.flatMap((group) => group.members.map(({ instanceId }) => instanceId));
  return [...new Set([...members, ...registered])];
}

/** Milliseconds since a key was first asked for. */
function elapsed(since: Map<string, number>, key: string): number {
  const begin = since.get(key) ?? Date.now();
  since.set(key, begin);
  return Date.now() - begin;
}
