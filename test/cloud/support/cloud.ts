// The local cloud that the tests of this folder share, and what they do with it.
import { randomBytes } from 'node:crypto';
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  EC2Client,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { GetParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { APP_TAG, clientSettings, runInstances } from '../../../testbed/cloud/account.ts';
import { clearFaults, execOnHost, injectFault, listHosts } from '../../../testbed/cloud/client.ts';
import { waitUntil } from '../../../testbed/cloud/wait.ts';
import { type ActionOptions, type ActionResult, runAction } from '../../../testbed/runner/run.ts';
import { access, repository } from './account.ts';
import { testCloud } from './name.ts';
import { appFolder, pushedVersion } from './registry.ts';

/** A host of the test's own, with a docker engine that nothing else uses. */
export interface TestHost {
  instanceId: string;
  /** `127.0.0.1:PORT`, the host's port 80. */
  address: string;
  /** Runs a shell line on the host as root and returns what it printed. */
  shell(line: string): Promise<string>;
  terminate(): Promise<void>;
}

const ec2 = new EC2Client(clientSettings(access));
const ssm = new SSMClient(clientSettings(access));

/**
 * Starts an instance and does not wait for it.
 * @param userData what it runs at its first boot: installs docker and starts it, unless told otherwise
 * @param app value of the tag by which associations find the app's hosts
 * @returns its id
 */
export async function runInstance(userData?: string, app?: string): Promise<string> {
  const [instanceId = ''] = await runInstances(access, 1, userData, app);
  return instanceId;
}

/** Starts an instance and waits until its agent is online. */
export async function startHost(userData?: string, app?: string): Promise<TestHost> {
  return onlineHost(await runInstance(userData, app));
}

/** Waits until the agent of an instance is online, whoever started it. */
export async function onlineHost(instanceId: string): Promise<TestHost> {
  let address = '';
  await waitUntil(`the host of ${instanceId} to be online`, 300, async () => {
    const host = (await listHosts(access)).find((candidate) => candidate.instanceId === instanceId);
    address = host?.publishedAddress ?? '';
    return host?.agent === 'Online';
  });
  return {
    instanceId,
    address,
    shell: (line) => execOnHost(access, instanceId, line),
    terminate: async () => {
      await ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    },
  };
}

/** Everything that a deploy leaves on a host. The proxy's image belongs to the host, and the tests' images to a registry on loopback. */
const WIPE = `
docker ps --all --quiet | xargs --no-run-if-empty docker rm --force --volumes
curl --silent --fail --unix-socket /run/docker.sock --request POST \\
  'http://engine/{networks,images}/prune' 'http://engine/volumes/prune?filters=%7B%22all%22:%5B%22true%22%5D%7D'
docker images --format '{{.ID}} {{.Repository}}' | sed -n 's/ 127\\.0\\.0\\.1:.*//p' | sort -u | xargs --no-run-if-empty docker rmi --force
rm -rf /var/lib/ec2-deploy/* /run/ec2-deploy/* /srv/* /root/.docker`;

/** A host that files of a worker use one after the other: to start one takes longer than a deploy. */
export interface BorrowedHost extends TestHost {
  /** Takes away what deploys have left, for the next file. It may have been started again meanwhile. */
  giveBack(): Promise<void>;
}

/** The tag of hosts that were given back: the cloud keeps them for the next run, too. */
const SPARE_TAG = 'test:spare';

/**
 * Takes a host that another file has given back, or starts one as startHost() does. Only deploys may change it.
 * @param app value of the tag by which associations find the app's hosts; it goes when the host is given back
 */
export async function borrowHost(app?: string): Promise<BorrowedHost> {
  const host = await onlineHost((await takeSpare()) ?? (await runInstance()));
  if (app !== undefined) await setTag(host, APP_TAG, app);
  const giveBack = async () => {
    await host.shell(WIPE);
    if (app !== undefined) await removeTag(host, APP_TAG);
    borrowed.delete(host.instanceId);
    await setTag(host, SPARE_TAG, 'yes');
  };
  return { ...host, giveBack };
}

/** Ids of instances that this process has borrowed: who asks at the same time must not get them, too. */
const borrowed = new Set<string>();

async function takeSpare(): Promise<string | undefined> {
  const { Reservations = [] } = await ec2.send(
    new DescribeInstancesCommand({
      Filters: [
        { Name: `tag:${SPARE_TAG}`, Values: ['yes'] },
        { Name: 'instance-state-name', Values: ['running'] },
      ],
    }),
  );
  const ids = Reservations.flatMap(({ Instances = [] }) =>
    Instances.flatMap(({ InstanceId }) => InstanceId ?? []),
  );
  const instanceId = ids.find((id) => !borrowed.has(id));
  if (instanceId === undefined) return undefined;
  borrowed.add(instanceId);
  await removeTag({ instanceId }, SPARE_TAG);
  return instanceId;
}

type Named = Pick<TestHost, 'instanceId'>;

export async function setTag({ instanceId }: Named, Key: string, Value: string): Promise<void> {
  await ec2.send(new CreateTagsCommand({ Resources: [instanceId], Tags: [{ Key, Value }] }));
}

async function removeTag({ instanceId }: Named, Key: string): Promise<void> {
  await ec2.send(new DeleteTagsCommand({ Resources: [instanceId], Tags: [{ Key }] }));
}

/** What a deploy of a test differs in from the shortest one. */
export type DeployOptions = Partial<Omit<ActionOptions, 'inputs'>>;

/**
 * Deploys the test app to the host through dist/, as a job would.
 * @param inputs replace the fixture's. Without `image` and `context` it is an image of the test app that is in the repository
 * already, of the version that `version` says, which is no input of the action: a build takes longer than all the rest.
 */
export async function deploy(
  host: Pick<TestHost, 'instanceId'>,
  { version = '1', ...inputs }: Record<string, string> = {},
  options: DeployOptions = {},
): Promise<ActionResult> {
  const source = 'image' in inputs || 'context' in inputs ? {} : { image: await pushedVersion(version) };
  return runAction({
    environment: { ...access },
    // A commit of its own, so that builds of tests side by side do not share a tag.
    sha: randomBytes(20).toString('hex'),
    ...options,
    inputs: {
      'instance-ids': host.instanceId,
      repository,
      'app-name': 'shop',
      ...source,
      'health-timeout': '20s',
      'drain-timeout': '10s',
      ...inputs,
    },
  });
}

/**
 * Deploys as deploy() does, for what follows.
 * @returns the release that is live
 * @throws Error with the job's log unless it is deployed
 */
export async function deployedRelease(
  host: Pick<TestHost, 'instanceId'>,
  inputs: Record<string, string>,
): Promise<string> {
  const { outputs, log } = await deploy(host, inputs);
  if (outputs['verdict'] !== 'deployed') throw new Error(`the deploy failed:\n${log}`);
  return outputs['release'] ?? '';
}

/** What the app answers on the host's port 80. */
export async function ask(
  host: Pick<TestHost, 'address'>,
  path = '/',
): Promise<{ status: number; body: string }> {
  const response = await fetch(`http://${host.address}${path}`, { headers: { connection: 'close' } });
  return { status: response.status, body: await response.text() };
}

/** The version that the test app says it is. */
export async function servedVersion(host: TestHost): Promise<string> {
  return JSON.parse((await ask(host)).body).version;
}

/** Names of the app's containers that run on the host. */
export async function runningContainers(host: TestHost, app = 'shop'): Promise<string[]> {
  const names = await host.shell(
    `docker ps --filter label=ec2-deploy.app=${app} --filter label=ec2-deploy.role=app --format '{{.Names}}'`,
  );
  return names.split('\n').filter((name) => name !== '');
}

/** The value of a parameter; undefined if there is none. */
export async function parameter(name: string): Promise<string | undefined> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    return Parameter?.Value;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}

export async function putSecret(name: string, value: string): Promise<void> {
  await ssm.send(
    new PutParameterCommand({ Name: name, Value: value, Type: 'SecureString', Overwrite: true }),
  );
}

/** Injects a fault (testbed/README.md lists them). */
export function fault(description: Record<string, unknown>): Promise<void> {
  return injectFault(access, JSON.stringify(description));
}

export function noFaults(): Promise<void> {
  return clearFaults(access);
}

export { access, appFolder, repository, testCloud };
