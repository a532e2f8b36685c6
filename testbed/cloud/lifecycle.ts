import { join } from 'node:path';
import type { CloudSettings } from '../hosts/containers.ts';
import { type Access, createRepository, runInstances, runningInstanceIds } from './account.ts';
import { listHosts } from './client.ts';
import { docker, dockerLines } from './docker.ts';
import { type CloudEnvironment, removeEnvironment, writeEnvironment } from './environment.ts';
import {
  agentsMount,
  CLOUD_LABEL,
  CONTROL_ALIAS,
  CONTROL_IMAGE,
  cloudFilter,
  containerName,
  DEFAULT_CLOUD,
  FRONT_PORT,
  networkName,
  REGISTRY_ALIAS,
} from './names.ts';
import { createNetwork, findFreePort } from './network.ts';
import { waitUntil } from './wait.ts';

const REGION = 'eu-west-1';
const RUNNER_ACCESS_KEY_ID = 'AKIALOCALCLOUDRUNNER';
// Nothing in the local cloud checks a signature, so this is no secret.
const RUNNER_SECRET_ACCESS_KEY = 'local-cloud';
const REPOSITORY = 'local-app';
const FIRST_REGISTRY_PORT = 5000;
// Generous, since a machine that does much else takes its time.
const CONTROL_SECONDS = 300;
const BOOT_SECONDS = 300;
const TESTBED = join(import.meta.dirname, '..');

export interface UpOptions {
  /** Name of the cloud; several can run side by side. */
  name?: string;
  /** How many hosts there are at least: those missing are started. Default 1. */
  hosts?: number;
  /** User data of hosts that are started; default: install and start the engine. */
  userData?: string;
  /** Takes one line about what is being done. */
  log?: (line: string) => void;
}

/**
 * Starts a cloud, or completes the running one, and waits until all its hosts are online.
 *
 * @returns its environment, which is also in its env file
 * @throws Error if something does not start in its time, with the last lines of its log
 */
export async function up(options: UpOptions = {}): Promise<CloudEnvironment> {
  const { name = DEFAULT_CLOUD, hosts = 1, userData, log = () => {} } = options;
  checkName(name);
  if (!(await isRunning(name))) {
    await down(name);
    log(`starting the control plane and the registry of ${name}`);
    await startServices(name);
  }
  const access = await accessTo(name);
  await createRepository(access, REPOSITORY);
  const missing = hosts - (await runningInstanceIds(access)).length;
  if (missing > 0) {
    log(`starting ${missing} host${missing === 1 ? '' : 's'}`);
    await runInstances(access, missing, userData);
  }
  return refreshEnvironment(name, log);
}

/**
 * Waits until every running instance's host is online and writes the env file anew; needed after a template or a call
 * has made or removed instances.
 */
export async function refreshEnvironment(
  name: string = DEFAULT_CLOUD,
  log: (line: string) => void = () => {},
): Promise<CloudEnvironment> {
  const access = await accessTo(name);
  const instanceIds = await runningInstanceIds(access);
  if (instanceIds.length > 0) {
    log(`waiting until ${instanceIds.join(', ')} ${instanceIds.length === 1 ? 'is' : 'are'} online`);
  }
  const addresses = await withControlLog(
    name,
    Promise.all(instanceIds.map((instanceId) => waitForHost(instanceId, access))),
  );
  const environment: CloudEnvironment = {
    ...access,
    CLOUD_INSTANCE_IDS: instanceIds.join(','),
    CLOUD_HOST_ADDRESSES: addresses.join(','),
    CLOUD_REPOSITORY: REPOSITORY,
  };
  await writeEnvironment(name, environment);
  return environment;
}

/** Stops a cloud and removes all of it: containers, network, volumes, the hosts' control groups and the env file. */
export async function down(name: string = DEFAULT_CLOUD): Promise<void> {
  const control = containerName(name, 'control');
  // The control plane goes first: it would bring hosts back.
  await docker('rm', '--force', '--volumes', control).catch(ignoreMissing);
  const containers = await dockerLines('ps', '--all', '--quiet', '--filter', cloudFilter(name));
  if (containers.length > 0) {
    await docker('rm', '--force', '--volumes', ...containers);
  }
  for (const kind of ['network', 'volume']) {
    const left = await dockerLines(kind, 'ls', '--quiet', '--filter', cloudFilter(name));
    if (left.length > 0) {
      await docker(kind, 'rm', ...left);
    }
  }
  await removeEnvironment(name);
  if (containers.length > 0) {
    await removeControlGroups(name);
  }
}

/** A cloud's name begins those of its containers, volumes and control groups, and is a folder's name. */
function checkName(name: string): void {
  if (!/^[a-z][a-z0-9-]{1,30}$/.test(name)) {
    throw new Error(
      `'${name}' is no name for a local cloud: it must be 2 to 31 lower-case letters, digits and hyphens, and begin with a letter`,
    );
  }
}

/** Whether a cloud's control plane runs. */
export async function isRunning(name: string = DEFAULT_CLOUD): Promise<boolean> {
  const control = `name=^/${containerName(name, 'control')}$`;
  return (await dockerLines('ps', '--quiet', '--filter', control)).length > 0;
}

/**
 * Endpoint, region and the runner's credentials of a running cloud.
 *
 * @throws Error that says how to start it if it does not run
 */
export async function accessTo(name: string = DEFAULT_CLOUD): Promise<Access> {
  if (!(await isRunning(name))) {
    throw new Error(`the local cloud ${name} is not running: start it with npm run cloud -- up`);
  }
  const [address] = await dockerLines('port', containerName(name, 'control'), `${FRONT_PORT}/tcp`);
  return {
    AWS_ENDPOINT_URL: `http://${address}`,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: RUNNER_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY: RUNNER_SECRET_ACCESS_KEY,
  };
}

async function startServices(name: string): Promise<void> {
  const addressPrefix = await createNetwork(name);
  const settings: CloudSettings = {
    name,
    region: REGION,
    registryPort: FIRST_REGISTRY_PORT,
    addressPrefix,
    anyLoopbackAddress: process.platform === 'linux',
  };
  await startRegistry(name);
  await startControlOnFreePort(settings);
  const access = await accessTo(name);
  const answers = async () => {
    await listHosts(access);
    return true;
  };
  await withControlLog(name, waitUntil('the control plane to answer', CONTROL_SECONDS, answers));
}

/** Adds to an error what the control plane wrote last: it knows why something did not start. */
async function withControlLog<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const log = await docker('logs', '--tail', '10', containerName(name, 'control'));
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${message}; the control plane's log ends:\n${log}`, { cause: error });
  }
}

async function startRegistry(name: string): Promise<void> {
  await docker(
    ...['run', '--detach', '--init', ...ownership(name, 'registry')],
    ...[`--network=${networkName(name)}`, `--network-alias=${REGISTRY_ALIAS}`],
    ...[CONTROL_IMAGE, 'docker-registry', 'serve', '/etc/docker/registry/config.yml'],
  );
}

/** Another cloud that starts at the same time can take a free port first: then the next one is tried. */
async function startControlOnFreePort(settings: CloudSettings): Promise<void> {
  const registryPort = await findFreePort(settings.registryPort);
  try {
    await startControl({ ...settings, registryPort });
  } catch (error) {
    if (!(error instanceof Error && /port is already allocated|address already in use/.test(error.message))) {
      throw error;
    }
    await docker('rm', '--force', containerName(settings.name, 'control'));
    await startControlOnFreePort({ ...settings, registryPort: registryPort + 1 });
  }
}

async function startControl(settings: CloudSettings): Promise<void> {
  const { name, registryPort } = settings;
  await docker(
    ...['run', '--detach', '--init', ...ownership(name, 'control')],
    ...[`--network=${networkName(name)}`, `--network-alias=${CONTROL_ALIAS}`],
    ...[`--publish=127.0.0.1::${FRONT_PORT}`, `--publish=127.0.0.1:${registryPort}:${registryPort}`],
    ...['--volume=/var/run/docker.sock:/var/run/docker.sock', `--volume=${TESTBED}:/testbed:ro`],
    agentsMount(name),
    ...[`--env=CLOUD_SETTINGS=${JSON.stringify(settings)}`, CONTROL_IMAGE],
  );
}

function ownership(name: string, part: string): string[] {
  return [`--name=${containerName(name, part)}`, `--hostname=${part}`, `--label=${CLOUD_LABEL}=${name}`];
}

async function waitForHost(instanceId: string, access: Access): Promise<string> {
  let address = '';
  await waitUntil(`the host of ${instanceId} to be online`, BOOT_SECONDS, async () => {
    const hosts = await listHosts(access);
    const host = hosts.find((candidate) => candidate.instanceId === instanceId);
    address = host?.publishedAddress ?? '';
    return host?.agent === 'Online';
  });
  return address;
}

/** The engines in the hosts leave the control groups of their containers behind, empty. */
async function removeControlGroups(name: string): Promise<void> {
  await docker(
    ...['run', '--rm', '--network=none', '--cgroupns=host', '--volume=/sys/fs/cgroup:/sys/fs/cgroup:rw'],
    ...[CONTROL_IMAGE, 'sh', '-c'],
    // Groups of others, also of clouds that are removed at the same time, come and go meanwhile.
    `search() { find /sys/fs/cgroup -ignore_readdir_race -depth -type d "$@" -exec rmdir {} +; };` +
      ` search -path '*/${name}/*'; search -name '${name}'`,
  );
}

function ignoreMissing(error: Error): void {
  if (!error.message.includes('No such container')) {
    throw error;
  }
}
