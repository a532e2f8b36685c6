import { afterAll, beforeAll, expect, test } from 'vitest';
import { fault, noFaults, startHost, type TestHost } from './support/cloud.ts';
import { aws, sendScript, settled, statusOf } from './support/front.ts';

// The shortest times that AWS allows: 30 s to deliver, 5 s to run.
const shortest = { TimeoutSeconds: 30, Parameters: { executionTimeout: ['5'] } };
const noDocker = '#!/bin/bash\ntrue\n';

// Each loses its host in another way, and all wait for the same time to pass.
let offline: TestHost;
let unreached: TestHost;
let crashed: TestHost;
let commands: Record<'offline' | 'unreached' | 'crashed', string>;

beforeAll(async () => {
  [offline, unreached, crashed] = await Promise.all([
    startHost(noDocker),
    startHost(noDocker),
    startHost(noDocker),
  ]);
  const running = await sendScript(offline.instanceId, ['sleep 4; echo done'], shortest);
  const crashing = await sendScript(crashed.instanceId, ['sleep 4'], shortest);
  await statusOf(running, offline.instanceId, ['InProgress']);
  await statusOf(crashing, crashed.instanceId, ['InProgress']);
  await fault({ agentOffline: offline.instanceId });
  await fault({ stopHost: crashed.instanceId });
  // Sent while the agent is there, and gone before it takes the command up.
  const pending = await sendScript(unreached.instanceId, ['true'], shortest);
  await fault({ agentOffline: unreached.instanceId });
  commands = { offline: running, unreached: pending, crashed: crashing };
});

afterAll(async () => {
  await noFaults();
  await Promise.all([offline, unreached, crashed].map((host) => host.terminate()));
});

test('the CLI sees the agents as lost, and a command for one is refused', async () => {
  const lost = [offline.instanceId, crashed.instanceId];
  const answer = await aws(
    'ssm',
    'describe-instance-information',
    '--filters',
    `Key=InstanceIds,Values=${lost.join(',')}`,
    'Key=PingStatus,Values=ConnectionLost',
  );

  const listed = answer['InstanceInformationList'] as { InstanceId: string }[];
  expect(listed.map((one) => one.InstanceId).sort()).toEqual(lost.sort());
  await expect(sendScript(offline.instanceId, ['true'])).rejects.toThrow(
    expect.objectContaining({ name: 'InvalidInstanceId' }),
  );
});

test('a command whose agent went offline or whose host crashed stays in progress until its whole time is over', async () => {
  const timedOut = { Status: 'TimedOut', StatusDetails: 'DeliveryTimedOut', ResponseCode: -1 };

  expect(await settled(commands.offline, offline.instanceId)).toMatchObject({
    ...timedOut,
    StandardOutputContent: '',
  });
  expect(await settled(commands.crashed, crashed.instanceId)).toMatchObject(timedOut);
  expect(await aws('ssm', 'list-commands', '--command-id', commands.offline)).toMatchObject({
    Commands: [
      { Status: 'TimedOut', StatusDetails: 'DeliveryTimedOut', DeliveryTimedOutCount: 1, ErrorCount: 0 },
    ],
  });
});

test('a command that nobody took up was not delivered in its time', async () => {
  expect(await settled(commands.unreached, unreached.instanceId)).toMatchObject({
    Status: 'TimedOut',
    StatusDetails: 'DeliveryTimedOut',
    ExecutionStartDateTime: '',
  });
});
