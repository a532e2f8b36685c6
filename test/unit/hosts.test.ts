import { expect, test, vi } from 'vitest';
import type { HostContainer } from '../../testbed/hosts/containers.ts';
import { hostAccessKeyId } from '../../testbed/hosts/directory.ts';
import { type Instance, readInstances, WatchedInstances } from '../../testbed/hosts/instances.ts';
import { planSteps } from '../../testbed/hosts/plan.ts';

const ID = 'i-0123456789abcdef0';

function instance(state: string): Instance {
  return { instanceId: ID, state, privateAddress: '10.0.1.4', publicAddress: '' };
}

function container(running: boolean): HostContainer {
  return {
    instanceId: ID,
    name: `cloud-${ID}`,
    running,
    privateAddress: '10.0.1.4',
    publishedAddress: '127.0.0.1:1',
  };
}

test.each([
  { state: 'running', host: undefined, step: 'create' },
  { state: 'pending', host: undefined, step: undefined },
  { state: 'stopped', host: undefined, step: undefined },
  { state: 'terminated', host: undefined, step: undefined },
  { state: 'running', host: 'running', step: undefined },
  { state: 'running', host: 'exited', step: 'start' },
  { state: 'stopping', host: 'running', step: 'stop' },
  { state: 'stopped', host: 'running', step: 'stop' },
  { state: 'stopped', host: 'exited', step: undefined },
  { state: 'shutting-down', host: 'running', step: 'remove' },
  { state: 'terminated', host: 'exited', step: 'remove' },
])('an instance that is $state with a container that is $host: $step', ({ state, host, step }) => {
  const containers = host === undefined ? [] : [container(host === 'running')];
  const steps = planSteps([instance(state)], containers, new Set(), false);
  expect(steps.map(({ kind }) => kind)).toEqual(step === undefined ? [] : [step]);
});

test('a container whose instance EC2 has forgotten is removed', () => {
  expect(planSteps([], [container(true)], new Set(), false)).toMatchObject([{ kind: 'remove' }]);
});

test('a host that was crashed stays down while EC2 says running', () => {
  expect(planSteps([instance('running')], [container(false)], new Set([ID]), false)).toEqual([]);
});

test('while hosts are withheld none is made, and those that there are go on', () => {
  expect(planSteps([instance('running')], [], new Set(), true)).toEqual([]);
  expect(planSteps([instance('running')], [container(false)], new Set(), true)).toMatchObject([
    { kind: 'start' },
  ]);
});

test('instances are read from several reservations, with their own address and not that of an interface', () => {
  const item = (id: string, state: string, addresses: string): string =>
    `<item><networkInterfaceSet><item><privateIpAddress>10.9.9.9</privateIpAddress></item></networkInterfaceSet>
     <instanceId>${id}</instanceId><instanceState><code>16</code><name>${state}</name></instanceState>${addresses}</item>`;
  const xml = `<DescribeInstancesResponse><reservationSet>
    <item><instancesSet>${item('i-1', 'running', '<privateIpAddress>10.0.1.4</privateIpAddress><ipAddress>127.1.2.3</ipAddress>')}
      ${item('i-2', 'stopped', '<privateIpAddress>10.0.1.5</privateIpAddress>')}</instancesSet></item>
    <item><instancesSet>${item('i-3', 'terminated', '')}</instancesSet></item>
    </reservationSet></DescribeInstancesResponse>`;
  expect(readInstances(xml)).toEqual([
    { instanceId: 'i-1', state: 'running', privateAddress: '10.0.1.4', publicAddress: '127.1.2.3' },
    { instanceId: 'i-2', state: 'stopped', privateAddress: '10.0.1.5', publicAddress: '' },
    { instanceId: 'i-3', state: 'terminated', privateAddress: '', publicAddress: '' },
  ]);
});

test('instances are asked for again when some may have changed, when asking failed, and now and then', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const answers = [[], new Error('moto is away'), [instance('running')], [instance('stopped')]];
  const list = vi.fn(async () => {
    const answer = answers.shift() ?? [];
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const watched = new WatchedInstances({ list, userData: async () => Buffer.alloc(0) });
  try {
    expect([await watched.list(), await watched.list()]).toEqual([[], []]);
    expect(list).toHaveBeenCalledTimes(1);
    watched.changed();
    await expect(watched.list()).rejects.toThrow('moto is away');
    expect([await watched.list(), await watched.list()]).toEqual([
      [instance('running')],
      [instance('running')],
    ]);
    vi.setSystemTime(Date.now() + 5000);
    expect(await watched.list()).toEqual([instance('stopped')]);
  } finally {
    vi.useRealTimers();
  }
});

test('no instances are read from an account that has none', () => {
  expect(readInstances('<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>')).toEqual(
    [],
  );
});

test('the access key of a host has the form of a temporary key and differs between instances', () => {
  expect(hostAccessKeyId(ID)).toMatch(/^ASIA[0-9A-Z]{16}$/);
  expect(hostAccessKeyId(ID)).not.toBe(hostAccessKeyId('i-0123456789abcdef1'));
});
