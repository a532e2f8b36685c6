// The hosts of the local cloud behave as EC2 instances with Amazon Linux do.
import {
  EC2Client,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clientSettings } from '../../testbed/cloud/account.ts';
import { listHosts } from '../../testbed/cloud/client.ts';
import { docker, dockerLines } from '../../testbed/cloud/docker.ts';
import { containerName } from '../../testbed/cloud/names.ts';
import { waitUntil } from '../../testbed/cloud/wait.ts';
import type { Host } from '../../testbed/hosts/directory.ts';
import { access, fault, noFaults, startHost, type TestHost, testCloud } from './support/cloud.ts';

const PROXY_IMAGE = 'public.ecr.aws/docker/library/caddy:2.11.4-alpine';
const SECONDS = 60;

const ec2 = new EC2Client(clientSettings(access));

async function described(instanceId: string): Promise<Host | undefined> {
  return (await listHosts(access)).find((host) => host.instanceId === instanceId);
}

async function waitForAgent(instanceId: string, agent: Host['agent']): Promise<void> {
  await waitUntil(`the agent of ${instanceId} to be ${agent}`, SECONDS, async () => {
    return (await described(instanceId))?.agent === agent;
  });
}

async function answer(instanceId: string): Promise<number> {
  const host = await described(instanceId);
  return (await fetch(`http://${host?.publishedAddress}/`)).status;
}

describe('a host whose user data installs the engine', () => {
  let host: TestHost;
  const boots = '/var/lib/boots';

  beforeAll(async () => {
    host = await startHost(`#!/bin/bash
      set -e
      echo booted as $(id -un), HOME=\${HOME-unset} >> ${boots}
      dnf install -y docker
      systemctl enable --now docker
      echo finished >> ${boots}`);
  });
  afterEach(noFaults);
  afterAll(() => host.terminate());

  test('is online only after its user data, which ran as root and without HOME, as on AWS', async () => {
    expect(await host.shell(`cat ${boots}`)).toBe('booted as root, HOME=unset\nfinished');
    expect(await host.shell('cloud-init status --wait')).toBe('status: done');
    expect(await host.shell('systemctl is-active docker')).toBe('active');
  });

  test('has the image of the proxy, and answers on its published address', async () => {
    await host.shell(
      `docker run --detach --restart unless-stopped --name web --publish 80:80 ${PROXY_IMAGE}`,
    );
    await waitUntil('Caddy to answer', SECONDS, async () => (await answer(host.instanceId)) === 200);
    await expect(host.shell(`docker run --rm --cap-drop ALL ${PROXY_IMAGE} caddy version`)).rejects.toThrow(
      /operation not permitted/,
    );
  });

  test('resolves the names of the network for its containers', async () => {
    const lookup = await host.shell(`docker run --rm ${PROXY_IMAGE} nslookup ec2-deploy-cloud-control`);
    expect(lookup).toContain(`Address: ${await addressOf(containerName(testCloud, 'control'))}`);
  });

  test('keeps its engine and containers when the instance is stopped and started, and runs no user data again', async () => {
    const { instanceId } = host;
    await ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
    await waitForAgent(instanceId, 'Absent');
    await waitUntil('the container to stop', SECONDS, async () => (await runningHosts(instanceId)) === 0);
    await ec2.send(new StartInstancesCommand({ InstanceIds: [instanceId] }));
    await waitForAgent(instanceId, 'Online');
    await waitUntil('Caddy to answer again', SECONDS, async () => (await answer(instanceId)) === 200);
    expect(await host.shell(`grep -c booted ${boots}`)).toBe('1');
  });

  test('has a disk that can be full, while the machine has room', async () => {
    await fault({ fullDisk: host.instanceId });
    expect(await host.shell('df --output=avail /var/lib/docker | tail -n 1 | tr -d " "')).toBe('0');
    await expect(host.shell('echo state > /var/lib/ec2-deploy/state')).rejects.toThrow(
      /No space left on device/,
    );
    await expect(host.shell(`docker create ${PROXY_IMAGE}`)).rejects.toThrow(/no space left on device/);
    await noFaults();
    await host.shell('echo state > /var/lib/ec2-deploy/state');
  });

  test('loses its agent when it crashes, and gets it back when the instance is stopped and started', async () => {
    const { instanceId } = host;
    await fault({ stopHost: instanceId });
    await waitForAgent(instanceId, 'ConnectionLost');
    expect(await runningHosts(instanceId)).toBe(0);
    await ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
    await waitForAgent(instanceId, 'Absent');
    await ec2.send(new StartInstancesCommand({ InstanceIds: [instanceId] }));
    await waitForAgent(instanceId, 'Online');
  });
});

test('a host without user data comes online and has no engine', async () => {
  const host = await startHost('');
  expect(await host.shell('command -v docker || echo none')).toBe('none');
  expect(await host.shell('cloud-init status')).toBe('status: done');
  await host.terminate();
});

test('a host whose user data fails comes online, and says so and why; terminated, it leaves neither container nor volume', async () => {
  const host = await startHost(
    '#!/bin/bash\necho it went wrong >&2\ndnf install -y docker no-such-package\nexit 3\n',
  );
  const { instanceId } = host;
  expect(await host.shell('cloud-init status --wait; echo $?')).toBe('status: error\n1');
  const log = await host.shell('cat /var/log/cloud-init-output.log');
  expect(log).toContain('it went wrong');
  expect(log).toContain('Unable to find a match: no-such-package');
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
  const name = containerName(testCloud, instanceId);
  await waitUntil('the host to be removed', SECONDS, async () => {
    const left = await dockerLines('volume', 'ls', '--quiet', '--filter', `name=${name}`);
    return left.length === 0 && (await described(instanceId)) === undefined;
  });
  expect(await dockerLines('ps', '--all', '--quiet', '--filter', `name=${name}`)).toEqual([]);
});

async function runningHosts(instanceId: string): Promise<number> {
  const filter = `name=${containerName(testCloud, instanceId)}`;
  return (await dockerLines('ps', '--quiet', '--filter', filter)).length;
}

function addressOf(container: string): Promise<string> {
  return docker('inspect', '--format={{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', container);
}
