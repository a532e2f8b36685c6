import { docker } from '../cloud/docker.ts';
import {
  agentsMount,
  CLOUD_LABEL,
  CONTROL_ALIAS,
  containerName,
  FRONT_PORT,
  HOST_IMAGE,
  INSTANCE_LABEL,
  networkName,
} from '../cloud/names.ts';
import { waitUntil } from '../cloud/wait.ts';
import { runOnHost } from './agent.ts';
import { hostAccessKeyId } from './directory.ts';
import { askEngine } from './engine.ts';
import type { Instance } from './instances.ts';

/** Address of the name server in every host, the one of a VPC. */
const RESOLVER = '169.254.169.253';
/**
 * What an engine inside needs beyond the default ones. Not ALL and not --privileged: both ask for capabilities that
 * sandboxes do not have.
 */
const ENGINE_CAPABILITIES = ['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE', 'SYS_NICE', 'IPC_LOCK', 'SYSLOG'];
const SHUTDOWN_SECONDS = '20';
/** Generous, since a machine that does much else takes its time. */
const AGENT_SECONDS = 60;

/** What every host of a cloud has in common. */
export interface CloudSettings {
  name: string;
  region: string;
  /** Port of the registry, the same on the machine and on each host's loopback. */
  registryPort: number;
  /** Prefix of the network's addresses with a dot at its end, such as "10.0.". */
  addressPrefix: string;
  /** Whether ports can be published on any address of 127.0.0.0/8, as on Linux. */
  anyLoopbackAddress: boolean;
}

/** A host's container as the engine knows it. */
export interface HostContainer {
  instanceId: string;
  name: string;
  running: boolean;
  privateAddress: string;
  publishedAddress: string;
}

/** What is needed of the engine's answer to GET /containers/json. */
interface ListedContainer {
  Names: string[];
  State: string;
  Labels: Record<string, string>;
  Ports: { IP?: string; PrivatePort: number; PublicPort?: number }[];
  NetworkSettings: { Networks: Record<string, { IPAddress: string }> };
}

/** The host containers of a cloud, also those that do not run. */
export async function listHostContainers(cloud: string): Promise<HostContainer[]> {
  const filters = JSON.stringify({ label: [`${CLOUD_LABEL}=${cloud}`, INSTANCE_LABEL] });
  const listed = (await askEngine(
    `/containers/json?all=1&filters=${encodeURIComponent(filters)}`,
  )) as ListedContainer[];
  return listed.map((container) => readContainer(container, networkName(cloud)));
}

function readContainer(container: ListedContainer, network: string): HostContainer {
  const published = container.Ports.find((port) => port.PrivatePort === 80 && port.IP === '127.0.0.1');
  return {
    instanceId: container.Labels[INSTANCE_LABEL] ?? '',
    name: (container.Names[0] ?? '').replace('/', ''),
    running: container.State === 'running',
    privateAddress: container.NetworkSettings.Networks[network]?.IPAddress ?? '',
    publishedAddress: published?.PublicPort ? `127.0.0.1:${published.PublicPort}` : '',
  };
}

/** Makes the container of an instance, which boots with its user data. */
export async function createHost(cloud: CloudSettings, instance: Instance, userData: Buffer): Promise<void> {
  const container = containerName(cloud.name, instance.instanceId);
  const options = [...hostOptions(cloud, instance), `--env=HOST_USER_DATA=${userData.toString('base64')}`];
  try {
    await docker('run', '--detach', '--name', container, ...options, HOST_IMAGE);
  } catch (error) {
    // One that could not start is made anew in the next round.
    await removeHost(container);
    throw error;
  }
}

function hostOptions(cloud: CloudSettings, instance: Instance): string[] {
  const volume = containerName(cloud.name, instance.instanceId);
  const labels = [`${CLOUD_LABEL}=${cloud.name}`, `${INSTANCE_LABEL}=${instance.instanceId}`];
  const volumeLabels = labels.map((label) => `,volume-label=${label}`).join('');
  return [
    ...labels.map((label) => `--label=${label}`),
    '--init',
    `--hostname=ip-${instance.privateAddress.replaceAll('.', '-')}`,
    ...ENGINE_CAPABILITIES.map((capability) => `--cap-add=${capability}`),
    '--security-opt=seccomp=unconfined',
    '--security-opt=apparmor=unconfined',
    '--security-opt=systempaths=unconfined',
    '--cgroupns=host',
    // Empty at every boot, as on a real host: what says that a boot has ended must not survive it.
    '--tmpfs=/run:exec',
    '--volume=/sys/fs/cgroup:/sys/fs/cgroup:rw',
    `--mount=type=volume,source=${volume},target=/opt/host/volume${volumeLabels}`,
    agentsMount(cloud.name),
    // Loop devices and their control: the host's disk is a file.
    '--device-cgroup-rule=b 7:* rmw',
    '--device-cgroup-rule=c 10:237 rmw',
    ...addressOptions(cloud, instance),
    ...Object.entries(hostEnvironment(cloud, instance)).map(([key, value]) => `--env=${key}=${value}`),
  ];
}

function addressOptions(cloud: CloudSettings, instance: Instance): string[] {
  const options = [
    `--network=${networkName(cloud.name)}`,
    '--publish=127.0.0.1::80',
    '--publish=127.0.0.1::443',
  ];
  if (instance.privateAddress.startsWith(cloud.addressPrefix)) {
    options.push(`--ip=${instance.privateAddress}`);
  }
  if (cloud.anyLoopbackAddress && instance.publicAddress.startsWith('127.')) {
    options.push(`--publish=${instance.publicAddress}:80:80`, `--publish=${instance.publicAddress}:443:443`);
  }
  return options;
}

function hostEnvironment(cloud: CloudSettings, { instanceId }: Instance): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: `http://${CONTROL_ALIAS}:${FRONT_PORT}`,
    AWS_DEFAULT_REGION: cloud.region,
    AWS_ACCESS_KEY_ID: hostAccessKeyId(instanceId),
    AWS_SECRET_ACCESS_KEY: `secret-of-${instanceId}`,
    HOST_CGROUP: `/${cloud.name}/${instanceId}`,
    HOST_REGISTRY_PORT: String(cloud.registryPort),
    HOST_RESOLVER: RESOLVER,
  };
}

/** Waits until a host's user data has ended, well or not. */
export async function waitForBoot(instanceId: string): Promise<void> {
  const agentAnswers = async () => (await runOnHost(instanceId, ['true'])).exitCode === 0;
  await waitUntil(`the agent of ${instanceId} to listen`, AGENT_SECONDS, agentAnswers);
  const { exitCode, standardError } = await runOnHost(instanceId, ['cloud-init', 'status', '--wait']);
  if (exitCode > 1) throw new Error(`cloud-init status --wait on ${instanceId}: ${standardError}`);
}

/** Boots a host's container again. */
export async function startHost(container: string): Promise<void> {
  await docker('start', container);
}

/** Shuts a host down in order: its engine and the containers in it get the time to stop. */
export async function stopHost(container: string): Promise<void> {
  await docker('stop', '--time', SHUTDOWN_SECONDS, container);
}

/** Kills a host, as a power cut would. */
export async function crashHost(container: string): Promise<void> {
  await docker('kill', container);
}

/** Removes a host with its disk. */
export async function removeHost(container: string): Promise<void> {
  await docker('rm', '--force', '--volumes', container);
  await docker('volume', 'rm', '--force', container);
}

/** Fills a host's disk to the last byte, or frees it. */
export async function setDiskFull(instanceId: string, full: boolean): Promise<void> {
  const command = ['/opt/host/fill-disk', full ? 'full' : 'free'];
  const { exitCode, standardError } = await runOnHost(instanceId, command);
  if (exitCode !== 0) throw new Error(`${command.join(' ')} on ${instanceId}: ${standardError}`);
}
