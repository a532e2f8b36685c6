import { setTimeout as delay } from 'node:timers/promises';
import {
  type CloudSettings,
  crashHost,
  createHost,
  type HostContainer,
  listHostContainers,
  removeHost,
  setDiskFull,
  startHost,
  stopHost,
  waitForBoot,
} from './containers.ts';
import { type AgentStatus, type Host, type HostDirectory, hostAccessKeyId } from './directory.ts';
import type { Instance, InstanceSource } from './instances.ts';
import { planSteps, type Step } from './plan.ts';

// moto has no events, so its instances are read again and again.
const POLL_MILLISECONDS = 1000;

/** Keeps one container for each running instance, and is the directory of these hosts. */
export class Reconciler implements HostDirectory {
  readonly #cloud: CloudSettings;
  readonly #source: InstanceSource;
  #instances: Instance[] = [];
  #containers: HostContainer[] = [];
  /** What is being done: an instance id for its container, `boot ID` for waiting until it has booted. */
  readonly #busy = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #booted = new Set<string>();
  readonly #crashed = new Set<string>();
  readonly #offline = new Set<string>();
  readonly #lastPings = new Map<string, Date>();
  hostsWithheld = false;
  #rounds = 0;
  #lastLine = '';

  constructor(cloud: CloudSettings, source: InstanceSource) {
    this.#cloud = cloud;
    this.#source = source;
  }

  /** Reconciles until the signal aborts. An error is logged and the next round tries again. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#reconcile();
      } catch (error) {
        this.#log(error instanceof Error ? error.message : String(error));
      }
      this.#rounds += 1;
      await delay(POLL_MILLISECONDS);
    }
  }

  list(): Host[] {
    return this.#containers.map((container) => this.#describe(container));
  }

  find(instanceId: string): Host | undefined {
    return this.list().find((host) => host.instanceId === instanceId);
  }

  setAgentOffline(instanceId: string, offline: boolean): void {
    this.#container(instanceId);
    if (offline) {
      this.#offline.add(instanceId);
    } else {
      this.#offline.delete(instanceId);
    }
  }

  async stop(instanceId: string): Promise<void> {
    const { name } = this.#container(instanceId);
    this.#crashed.add(instanceId);
    await crashHost(name);
    await this.#refresh();
  }

  async fillDisk(instanceId: string, full: boolean): Promise<void> {
    this.#container(instanceId);
    await setDiskFull(instanceId, full);
  }

  async settled(instanceIds: string[]): Promise<void> {
    // The round that runs may have read the instances before, so that only the one after it is sure to have seen them.
    const sure = this.#rounds + 2;
    while (this.#rounds < sure || instanceIds.some((instanceId) => this.#busy.has(instanceId))) {
      await delay(POLL_MILLISECONDS / 10);
    }
  }

  #container(instanceId: string): HostContainer {
    const container = this.#containers.find((candidate) => candidate.instanceId === instanceId);
    if (!container) {
      const known = this.#containers.map((candidate) => candidate.instanceId).join(', ') || 'none';
      throw new Error(`the local cloud has no host for instance ${instanceId}; it has: ${known}`);
    }
    return container;
  }

  #describe(container: HostContainer): Host {
    const { instanceId } = container;
    return {
      instanceId,
      container: container.name,
      privateAddress: container.privateAddress,
      publishedAddress: container.publishedAddress,
      accessKeyId: hostAccessKeyId(instanceId),
      agent: this.#agentOf(container),
      lastPing: this.#lastPings.get(instanceId) ?? new Date(0),
    };
  }

  #agentOf({ instanceId, running }: HostContainer): AgentStatus {
    if (this.#crashed.has(instanceId)) {
      return 'ConnectionLost';
    }
    if (!running || !this.#booted.has(instanceId)) {
      return 'Absent';
    }
    return this.#offline.has(instanceId) ? 'ConnectionLost' : 'Online';
  }

  async #reconcile(): Promise<void> {
    this.#instances = await this.#source.list();
    await this.#refresh();
    this.#forgetCrashesOfStopped();
    const steps = planSteps(this.#instances, this.#containers, this.#crashed, this.hostsWithheld);
    for (const step of steps.filter((candidate) => this.#isDue(candidate))) {
      this.#start(step);
    }
    for (const container of this.#containers) {
      this.#watchBoot(container);
    }
  }

  async #refresh(): Promise<void> {
    this.#containers = await listHostContainers(this.#cloud.name);
    const now = new Date();
    for (const container of this.#containers) {
      if (!container.running) {
        this.#booted.delete(container.instanceId);
      }
      if (this.#agentOf(container) === 'Online') {
        this.#lastPings.set(container.instanceId, now);
      }
    }
  }

  /** Stopping an instance through EC2 takes it out of its crash: starting it again boots it. */
  #forgetCrashesOfStopped(): void {
    for (const { instanceId, state } of this.#instances) {
      if (state !== 'running') {
        this.#crashed.delete(instanceId);
      }
    }
  }

  /** A template gives an instance its address just after the instance itself, so a new one is taken up when seen twice. */
  #isDue(step: Step): boolean {
    if (step.kind !== 'create' || this.#seen.has(step.instance.instanceId)) {
      return true;
    }
    this.#seen.add(step.instance.instanceId);
    return false;
  }

  #start(step: Step): void {
    const instanceId = step.kind === 'create' ? step.instance.instanceId : step.container.instanceId;
    this.#work(instanceId, `${step.kind} ${instanceId}`, () => this.#take(step));
  }

  async #take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'create':
        return createHost(this.#cloud, step.instance, await this.#source.userData(step.instance.instanceId));
      case 'start':
        return startHost(step.container.name);
      case 'stop':
        return stopHost(step.container.name);
      case 'remove':
        return removeHost(step.container.name);
    }
  }

  #watchBoot({ instanceId, running }: HostContainer): void {
    if (!running || this.#booted.has(instanceId) || this.#crashed.has(instanceId)) {
      return;
    }
    this.#work(`boot ${instanceId}`, `boot ${instanceId}`, async () => {
      await waitForBoot(instanceId);
      this.#booted.add(instanceId);
      await this.#refresh();
    });
  }

  /** Does one thing at a time for a key; what fails is logged and found again by the next round. */
  #work(key: string, what: string, action: () => Promise<void>): void {
    if (this.#busy.has(key)) {
      return;
    }
    this.#busy.add(key);
    action()
      .then(() => this.#log(`${what}: done`))
      .catch((error: unknown) => {
        this.#log(`${what} failed: ${error instanceof Error ? error.message : error}`);
      })
      .finally(() => this.#busy.delete(key));
  }

  /** What fails is tried again every round; its message is written once. */
  #log(line: string): void {
    if (line !== this.#lastLine) {
      console.log(`hosts: ${line}`);
      this.#lastLine = line;
    }
  }
}
