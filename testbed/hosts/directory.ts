// Absent: never registered, because the host is still booting or its instance is stopped.
export type AgentStatus = 'Online' | 'ConnectionLost' | 'Absent';

/** A container that stands for an EC2 instance. */
export interface Host {
  instanceId: string;
  /** Name of the container, for docker exec. */
  container: string;
  /** Address in the cloud's network; empty while the host does not run. */
  privateAddress: string;
  /** Where the machine reaches the host's port 80, as 127.0.0.1:PORT; empty while the host does not run. */
  publishedAddress: string;
  /** The key with which the host's own role calls, as opposed to the runner's. */
  accessKeyId: string;
  agent: AgentStatus;
  lastPing: Date;
}

/** The hosts of one cloud, and what can be done to them; kept up to date by the reconciler. */
export interface HostDirectory {
  list(): Host[];
  find(instanceId: string): Host | undefined;
  /** Stops the agent's pings, or brings them back; the host itself goes on. Throws for an unknown instance. */
  setAgentOffline(instanceId: string, offline: boolean): void;
  /** Crashes the host: its container is killed while EC2 still says running; stopping and starting the instance
   * in EC2 boots it again. Throws for an unknown instance. */
  stop(instanceId: string): Promise<void>;
  /** Fills the host's disk to the last byte, or frees it again. Throws for an unknown instance. */
  fillDisk(instanceId: string, full: boolean): Promise<void>;
  /** Whether instances that have no host yet have to wait for one. */
  hostsWithheld: boolean;
  /** Waits until the hosts of these instances are what EC2 says of them now: a stopped one is down. */
  settled(instanceIds: string[]): Promise<void>;
}

/**
 * The access key of an instance's role: the form of a temporary key, one for each instance.
 *
 * @param instanceId such as i-0123456789abcdef0
 */
export function hostAccessKeyId(instanceId: string): string {
  return `ASIA${instanceId.slice(-16).toUpperCase().padStart(16, '0')}`;
}
