import {
  CancelCommandCommand,
  GetCommandInvocationCommand,
  PutParameterCommand,
  SendCommandCommand,
} from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { borrowHost, fault, noFaults, setTag, startHost, type TestHost } from './support/cloud.ts';
import { aws, invocations, runScript, sendScript, settled, ssm, statusOf } from './support/front.ts';

const noDocker = '#!/bin/bash\ntrue\n';
let host: TestHost;
let id: string;

beforeAll(async () => {
  host = await startHost(noDocker);
  id = host.instanceId;
});

afterEach(() => noFaults());

afterAll(() => host.terminate());

test('the CLI finds a host once its agent is online', async () => {
  const answer = await aws(
    'ssm',
    'describe-instance-information',
    '--filters',
    `Key=InstanceIds,Values=${id}`,
  );

  expect(answer).toMatchObject({
    InstanceInformationList: [
      {
        InstanceId: id,
        PingStatus: 'Online',
        PlatformType: 'Linux',
        ComputerName: expect.stringContaining('ip-'),
      },
    ],
  });
});

test('the CLI sends a command, lists it and reads its result', async () => {
  const sent = await aws(
    'ssm',
    'send-command',
    '--instance-ids',
    id,
    '--document-name',
    'AWS-RunShellScript',
    '--comment',
    'hello',
    '--parameters',
    'commands=["echo out","echo err >&2","exit 3"]',
  );
  const { CommandId } = sent['Command'] as { CommandId: string };
  expect(sent).toMatchObject({
    Command: { Status: 'Pending', Comment: 'hello', InstanceIds: [id], TargetCount: 1, TimeoutSeconds: 3600 },
  });
  await settled(CommandId, id);

  const failed = { Status: 'Failed', StatusDetails: 'Failed' };
  expect(
    await aws('ssm', 'get-command-invocation', '--command-id', CommandId, '--instance-id', id),
  ).toMatchObject({
    ...failed,
    PluginName: 'aws:runShellScript',
    ResponseCode: 3,
    StandardOutputContent: 'out\n',
    StandardErrorContent: 'err\nfailed to run commands: exit status 3',
    ExecutionElapsedTime: expect.stringMatching(/^PT[\d.]+S$/),
  });
  expect(await aws('ssm', 'list-command-invocations', '--command-id', CommandId, '--details')).toMatchObject({
    CommandInvocations: [
      {
        ...failed,
        CommandPlugins: [
          {
            ...failed,
            ResponseCode: 3,
            Output: 'out\n\n----------ERROR-------\nerr\nfailed to run commands: exit status 3',
          },
        ],
      },
    ],
  });
  expect(await aws('ssm', 'list-commands', '--command-id', CommandId)).toMatchObject({
    Commands: [{ ...failed, CompletedCount: 1, ErrorCount: 1 }],
  });
});

test('a script runs as root from a kept file, with what the agent has in its environment and no more', async () => {
  const { CommandId, StandardOutputContent = '' } = await runScript(id, [
    'id -u; pwd; stat -c %a:%U "$0"; echo "$0"',
    'env',
  ]);
  const [user, directory, file, path, ...environment] = StandardOutputContent.trim().split('\n');

  expect([user, directory, file]).toEqual(['0', '/usr/bin', '700:root']);
  expect(path).toBe(
    `/var/lib/amazon/ssm/${id}/document/orchestration/${CommandId}/awsrunShellScript/0.awsrunShellScript/_script.sh`,
  );
  expect(environment).toEqual(
    expect.arrayContaining([
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin',
      'LANG=en_US.UTF-8',
      `SSM_COMMAND_ID=${CommandId}`,
      `AWS_SSM_INSTANCE_ID=${id}`,
    ]),
  );
  const names = environment.map((line) => line.split('=')[0]);
  expect(names).not.toContain('HOME');
  expect(names).not.toContain('USER');
  expect(names).not.toContain('AWS_REGION');
  expect(await host.shell(`test -x ${path} && echo kept`)).toBe('kept');
});

test("a host's own AWS CLI calls the cloud as the host, without HOME", async () => {
  const { Status, StandardOutputContent } = await runScript(id, [
    'aws sts get-caller-identity --query Account --output text',
  ]);

  expect({ Status, StandardOutputContent }).toEqual({
    Status: 'Success',
    StandardOutputContent: '123456789012\n',
  });
});

test('a first line #!/bin/bash is honoured', async () => {
  const { StandardOutputContent } = await runScript(id, [
    '#!/bin/bash',
    '[[ $0 == *_script.sh ]] && list=(a b) && echo "$list"',
  ]);

  expect(StandardOutputContent).toBe('a\n');
});

test('a working directory is entered, and one that is missing fails the command', async () => {
  const inTmp = await runScript(id, ['pwd'], { Parameters: { workingDirectory: ['/tmp'] } });
  const nowhere = await runScript(id, ['pwd'], { Parameters: { workingDirectory: ['/nope'] } });

  expect(inTmp.StandardOutputContent).toBe('/tmp\n');
  expect(nowhere).toMatchObject({
    Status: 'Failed',
    StandardErrorContent: 'failed to run commands: chdir /nope: no such file or directory',
  });
});

test('only the head of a long output comes back, marked as cut', async () => {
  const commandId = await sendScript(id, [
    "head -c 30000 /dev/zero | tr '\\0' x",
    "head -c 9000 /dev/zero | tr '\\0' y >&2",
  ]);
  const { StandardOutputContent = '', StandardErrorContent } = await settled(commandId, id);
  const [invocation] = await invocations(commandId);
  const output = invocation?.CommandPlugins?.[0]?.Output ?? '';

  expect(StandardOutputContent).toBe(`${'x'.repeat(24_000 - 20)}--output truncated--`);
  expect(StandardErrorContent).toBe('y'.repeat(8_000));
  expect(output.length).toBeLessThanOrEqual(2_500);
  expect(output).toMatch(/^x+\n---Output truncated---\n-{10}ERROR-{7}\ny+\n---Error truncated----$/);
});

test('a command is not to be found in the first moments', async () => {
  const commandId = await sendScript(id, ['true']);

  await expect(
    ssm.send(new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: id })),
  ).rejects.toThrow(expect.objectContaining({ name: 'InvocationDoesNotExist' }));
  expect((await settled(commandId, id)).Status).toBe('Success');
});

test('exit code 137 is taken for a timeout, even when the script chose it', async () => {
  expect(await runScript(id, ['exit 137'])).toMatchObject({
    Status: 'TimedOut',
    StatusDetails: 'ExecutionTimedOut',
    ResponseCode: 137,
  });
});

test('exit code 194 reboots the host and runs the script again', async () => {
  const commandId = await sendScript(id, [
    'echo run',
    'if [ ! -e /var/tmp/rebooted ]; then touch /var/tmp/rebooted; exit 194; fi',
    'cat /var/tmp/rebooted && echo after the reboot',
  ]);

  expect(await settled(commandId, id, 120)).toMatchObject({
    Status: 'Success',
    StandardOutputContent: 'run\nrun\nafter the reboot\n',
  });
});

test('a cancelled command is killed with its process group; what left the group lives on', async () => {
  const commandId = await sendScript(id, [
    'trap "echo trapped" EXIT TERM',
    'echo started > /var/tmp/started',
    'sleep 301 &',
    'setsid sleep 302 >/dev/null 2>&1 &',
    'sleep 303',
  ]);
  await statusOf(commandId, id, ['InProgress']);
  await host.shell('until [ -e /var/tmp/started ]; do sleep 0.1; done');

  await aws('ssm', 'cancel-command', '--command-id', commandId);

  expect(await settled(commandId, id)).toMatchObject({
    Status: 'Cancelled',
    StatusDetails: 'Cancelled',
    ResponseCode: 137,
    StandardOutputContent: '',
  });
  expect(await host.shell("pgrep -fa '^sleep 30[123]' | cut -d' ' -f2- || true")).toBe('sleep 302');
  await host.shell("pkill -f '^sleep 302'");
});

test('a command that runs too long is killed after its execution timeout', async () => {
  const outcome = await runScript(id, ['echo before', 'sleep 60'], {
    Parameters: { executionTimeout: ['5'] },
  });

  expect(outcome).toMatchObject({
    Status: 'TimedOut',
    StatusDetails: 'ExecutionTimedOut',
    ResponseCode: 137,
    StandardOutputContent: 'before\n',
  });
});

test('five commands run at a time on a host, and the sixth waits', async () => {
  const wait = ['until [ -e /var/tmp/go ]; do sleep 0.1; done'];
  const running = await Promise.all(Array.from({ length: 5 }, () => sendScript(id, wait)));
  for (const commandId of running) {
    await statusOf(commandId, id, ['InProgress']);
  }
  const sixth = await sendScript(id, ['true']);
  await statusOf(sixth, id, ['Pending']);

  await host.shell('touch /var/tmp/go');

  for (const commandId of [...running, sixth]) {
    expect((await settled(commandId, id)).Status).toBe('Success');
  }
  const [last] = await invocations(sixth);
  const firstEnd = Math.min(...(await Promise.all(running.map(endOf))));
  expect(last?.CommandPlugins?.[0]?.ResponseStartDateTime?.getTime()).toBeGreaterThanOrEqual(firstEnd);
});

async function endOf(commandId: string): Promise<number> {
  const [invocation] = await invocations(commandId);
  return invocation?.CommandPlugins?.[0]?.ResponseFinishDateTime?.getTime() ?? Number.NaN;
}

test('a child that keeps the output open keeps the command running', async () => {
  const { StandardOutputContent } = await runScript(id, ['(sleep 2; echo late) &', 'echo early']);

  expect(StandardOutputContent).toBe('early\nlate\n');
});

test('an agent that comes back in time still reports', async () => {
  const commandId = await sendScript(id, ['echo done']);
  await fault({ agentOffline: id });
  await statusOf(commandId, id, ['Pending', 'InProgress']);

  await noFaults();

  expect(await settled(commandId, id)).toMatchObject({ Status: 'Success', StandardOutputContent: 'done\n' });
});

test('targets are resolved by tag; one that is out of reach is undeliverable, none at all is no failure', async () => {
  await setTag(host, 'fleet', 'blue');
  const byTag = (value: string): Promise<string> =>
    sendScript(id, ['true'], { InstanceIds: undefined, Targets: [{ Key: 'tag:fleet', Values: [value] }] });
  expect(await settled(await byTag('blue'), id)).toMatchObject({ Status: 'Success' });

  await fault({ agentOffline: id });
  const unreached = await byTag('blue');
  await statusOf(unreached, id, ['Failed']);
  expect(await invocations(unreached)).toMatchObject([
    { StatusDetails: 'Undeliverable', CommandPlugins: [{ ResponseCode: -1 }] },
  ]);

  const nobody = await byTag('nobody');
  // It is not to be found in the first moments, as no command is.
  await expect
    .poll(() => aws('ssm', 'list-commands', '--command-id', nobody), { timeout: 30_000 })
    .toMatchObject({ Commands: [{ StatusDetails: 'NoInstancesInTag', TargetCount: 0 }] });
  expect(await invocations(nobody)).toEqual([]);
});

test('one host after the other, and none after one too many failed', async () => {
  const other = await borrowHost();
  try {
    const commandId = await sendScript(id, ['exit 1'], {
      InstanceIds: [id, other.instanceId],
      MaxConcurrency: '1',
    });
    await statusOf(commandId, other.instanceId, ['Cancelled']);

    const [first] = await invocations(commandId, id);
    const [second] = await invocations(commandId, other.instanceId);
    expect([first?.StatusDetails, second?.StatusDetails]).toEqual(['Failed', 'Terminated']);
    expect(second?.InstanceName).toMatch(/^ip-\d+-/);
  } finally {
    await other.giveBack();
  }
});

test.each([
  [
    'an instance that does not exist',
    { InstanceIds: ['i-00000000000000000'] },
    'InvalidInstanceId',
    /Instances \[\[i-00000000000000000\]\] not in a valid state for account 123456789012/,
  ],
  ['a malformed instance id', { InstanceIds: ['web-1'] }, 'ValidationException', /'web-1' at 'instanceIds'/],
  [
    'an instance named twice',
    { InstanceIds: ['i-00000000000000000', 'i-00000000000000000'] },
    'DuplicateInstanceId',
    /./,
  ],
  [
    'more than 50 instances',
    { InstanceIds: Array.from({ length: 51 }, (_, n) => `i-${String(n).padStart(17, '0')}`) },
    'ValidationException',
    /less than or equal to 50/,
  ],
  ['a comment of 101 characters', { Comment: 'x'.repeat(101) }, 'ValidationException', /'comment' failed/],
  [
    'a timeout under 30 seconds',
    { TimeoutSeconds: 29 },
    'ValidationException',
    /'timeoutSeconds'.*greater than or equal to 30/,
  ],
  [
    'a timeout over 30 days',
    { TimeoutSeconds: 2_592_001 },
    'ValidationException',
    /less than or equal to 2592000/,
  ],
  ['a document that does not exist', { DocumentName: 'no-such-document' }, 'InvalidDocument', /./],
  [
    'parameters of more than 64 KB',
    { Parameters: { commands: ['x'.repeat(65_536)] } },
    'MaxDocumentSizeExceeded',
    /64 KB/,
  ],
  [
    'a parameter that the document does not have',
    { Parameters: { commands: ['true'], colour: ['blue'] } },
    'InvalidParameters',
    /colour/,
  ],
  ['no commands', { Parameters: {} }, 'InvalidParameters', /commands/],
  [
    'an execution timeout that is no number',
    { Parameters: { commands: ['true'], executionTimeout: ['5m'] } },
    'InvalidParameters',
    /executionTimeout/,
  ],
  ['a malformed MaxErrors', { MaxErrors: 'some' }, 'ValidationException', /maxErrors/],
])('SendCommand refuses %s', async (_what, wrong, name, message) => {
  const request = {
    InstanceIds: [id],
    DocumentName: 'AWS-RunShellScript',
    Parameters: { commands: ['true'] },
    ...wrong,
  };

  await expect(ssm.send(new SendCommandCommand(request))).rejects.toThrow(
    expect.objectContaining({ name, message: expect.stringMatching(message) }),
  );
});

test('reading and cancelling refuse ids that name nothing', async () => {
  const unknown = '00000000-0000-0000-0000-000000000000';

  await expect(
    aws('ssm', 'get-command-invocation', '--command-id', unknown, '--instance-id', id),
  ).rejects.toThrow(/InvocationDoesNotExist/);
  await expect(ssm.send(new CancelCommandCommand({ CommandId: unknown }))).rejects.toThrow(
    expect.objectContaining({ name: 'InvalidCommandId' }),
  );
  expect(await invocations(unknown)).toEqual([]);
});

test("{{ssm:NAME}} in a command becomes the parameter's value; a secret one is refused", async () => {
  await put('/front/plain', 'String', 'from the store');
  await put('/front/secret', 'SecureString', 'x');

  const plain = await runScript(id, ["echo '{{ssm:/front/plain}}'"]);
  expect(plain.StandardOutputContent).toBe('from the store\n');
  expect(await runScript(id, ["echo '{{ssm:/front/secret}}'"])).toMatchObject({
    Status: 'Failed',
    StandardErrorContent: 'Parameters [/front/secret] of type SecureString are not supported',
  });
});

async function put(Name: string, Type: 'String' | 'SecureString', Value: string): Promise<void> {
  await ssm.send(new PutParameterCommand({ Name, Type, Value, Overwrite: true }));
}
