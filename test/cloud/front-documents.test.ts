import {
  CreateDocumentCommand,
  DeleteDocumentCommand,
  SendCommandCommand,
  UpdateDocumentDefaultVersionCommand,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BorrowedHost, borrowHost } from './support/cloud.ts';
import { aws, invocations, sendScript, settled, ssm } from './support/front.ts';

let host: BorrowedHost;
let id: string;

beforeAll(async () => {
  host = await borrowHost();
  id = host.instanceId;
});

afterAll(() => host.giveBack());

interface Step {
  name: string;
  runCommand: string | string[];
  [input: string]: unknown;
}

function documentContent(parameters: object, steps: Step[]): string {
  const mainSteps = steps.map(({ name, precondition, ...inputs }) => ({
    action: 'aws:runShellScript',
    name,
    ...(precondition !== undefined && { precondition }),
    inputs,
  }));
  return JSON.stringify({ schemaVersion: '2.2', description: 'a test', parameters, mainSteps });
}

/** Documents outlive a test run in a cloud that is kept; an older one of the same name goes first. */
async function createDocument(Name: string, parameters: object, steps: Step[]): Promise<void> {
  await ssm.send(new DeleteDocumentCommand({ Name })).catch(() => undefined);
  const Content = documentContent(parameters, steps);
  await ssm.send(new CreateDocumentCommand({ Name, Content, DocumentType: 'Command' }));
}

async function run(document: string, parameters: Record<string, string[]> = {}): Promise<string> {
  const { Command } = await ssm.send(
    new SendCommandCommand({ InstanceIds: [id], DocumentName: document, Parameters: parameters }),
  );
  return Command?.CommandId ?? '';
}

test('the CLI creates, describes, runs and deletes a document', async () => {
  const content = JSON.stringify({
    schemaVersion: '2.2',
    parameters: { Name: { type: 'String', default: 'world', allowedPattern: '^[a-z]+$' } },
    mainSteps: [
      { action: 'aws:runShellScript', name: 'greet', inputs: { runCommand: ['echo "hello {{ Name }}"'] } },
    ],
  });
  await aws(
    'ssm',
    'create-document',
    '--name',
    'greeter',
    '--document-type',
    'Command',
    '--content',
    content,
  );
  expect(await aws('ssm', 'describe-document', '--name', 'greeter')).toMatchObject({
    Document: { Name: 'greeter', SchemaVersion: '2.2' },
  });

  const commandId = await run('greeter', { Name: ['reader'] });
  expect(await settled(commandId, id)).toMatchObject({
    PluginName: 'greet',
    StandardOutputContent: 'hello reader\n',
  });
  expect(await settled(await run('greeter'), id)).toMatchObject({ StandardOutputContent: 'hello world\n' });
  await expect(run('greeter', { Name: ['$(reboot)'] })).rejects.toThrow(/allowed pattern/);

  await aws('ssm', 'delete-document', '--name', 'greeter');
  await expect(run('greeter')).rejects.toThrow(expect.objectContaining({ name: 'InvalidDocument' }));
});

test('a parameter handed over in the environment arrives byte for byte', async () => {
  const value = `a 'b' "c" $(id) \`id\` $HOME $$ %s \\n {{ Plan }} é 🚀\nsecond line`;
  await createDocument('by-environment', { Plan: { type: 'String', interpolationType: 'ENV_VAR' } }, [
    { name: 'show', runCommand: ['printf %s "$SSM_Plan" | base64 -w0'] },
  ]);

  const { StandardOutputContent = '' } = await settled(await run('by-environment', { Plan: [value] }), id);

  expect(Buffer.from(StandardOutputContent, 'base64').toString()).toBe(value);
});

test('a list takes its place as lines, and within a text as JSON, where $$ becomes $', async () => {
  await createDocument('lists', { Lines: { type: 'StringList' } }, [
    { name: 'alone', runCommand: '{{ Lines }}' },
    { name: 'within', runCommand: ["cat <<'END'", 'lines: {{ Lines }}', 'END'] },
  ]);
  const commandId = await run('lists', { Lines: ['echo one', "echo '$$'"] });
  await settledSteps(commandId);

  expect(await outputs(commandId)).toEqual({
    alone: 'one\n$$\n',
    within: `lines: ["echo one","echo '$'"]\n`,
  });
});

test('steps follow their conditions', async () => {
  await createDocument('conditions', {}, [
    { name: 'first', runCommand: ['echo first'] },
    {
      name: 'elsewhere',
      runCommand: ['echo no'],
      precondition: { StringEquals: ['platformType', 'Windows'] },
    },
    { name: 'fails', runCommand: ['exit 4'], onFailure: 'exit' },
    { name: 'never', runCommand: ['echo no'] },
    { name: 'always', runCommand: ['echo cleaned up'], finallyStep: true },
  ]);
  const commandId = await run('conditions');
  await settledSteps(commandId);

  expect(await outputs(commandId)).toEqual({
    first: 'first\n',
    elsewhere: expect.stringContaining('unsatisfied preconditions'),
    fails: expect.stringContaining('exit status 4'),
    never: expect.stringContaining('skipped due to prior step'),
    always: 'cleaned up\n',
  });
  const [invocation] = await invocations(commandId);
  expect(invocation?.Status).toBe('Failed');
  await expect(
    aws('ssm', 'get-command-invocation', '--command-id', commandId, '--instance-id', id),
  ).rejects.toThrow(/InvalidPluginName/);
  expect(
    await aws(
      'ssm',
      'get-command-invocation',
      '--command-id',
      commandId,
      '--instance-id',
      id,
      '--plugin-name',
      'fails',
    ),
  ).toMatchObject({ Status: 'Failed', ResponseCode: 4 });
});

/** With several steps there is no single result to wait for. */
async function settledSteps(commandId: string): Promise<void> {
  await expect
    .poll(async () => (await invocations(commandId))[0]?.Status, { timeout: 60_000 })
    .toMatch(/Success|Failed/);
}

async function outputs(commandId: string): Promise<Record<string, string>> {
  const [invocation] = await invocations(commandId);
  return Object.fromEntries(
    (invocation?.CommandPlugins ?? []).map((plugin) => [plugin.Name, plugin.Output ?? '']),
  );
}

test('a new version runs when it is the default one', async () => {
  await createDocument('versioned', {}, [{ name: 'say', runCommand: ['echo one'] }]);
  const second = documentContent({}, [{ name: 'say', runCommand: ['echo two'] }]);
  await aws(
    'ssm',
    'update-document',
    '--name',
    'versioned',
    '--document-version',
    '$LATEST',
    '--content',
    second,
  );

  expect((await settled(await run('versioned'), id)).StandardOutputContent).toBe('one\n');
  await ssm.send(new UpdateDocumentDefaultVersionCommand({ Name: 'versioned', DocumentVersion: '2' }));
  expect((await settled(await run('versioned'), id)).StandardOutputContent).toBe('two\n');
});

test('the built-in document is described, and documents AWS would refuse are refused', async () => {
  expect(await aws('ssm', 'describe-document', '--name', 'AWS-RunShellScript')).toMatchObject({
    Document: {
      Owner: 'Amazon',
      SchemaVersion: '1.2',
      Parameters: expect.arrayContaining([expect.objectContaining({ Name: 'commands' })]),
    },
  });
  const create = (name: string, content: string): Promise<unknown> =>
    ssm.send(new CreateDocumentCommand({ Name: name, Content: content, DocumentType: 'Command' }));

  await expect(create('unquoted', '{"schemaVersion": 2.2, "mainSteps": []}')).rejects.toThrow(
    /schemaVersion/,
  );
  await expect(create('AWS-Mine', '{"schemaVersion": "2.2", "mainSteps": []}')).rejects.toThrow(/reserved/);
  await expect(
    create('large', JSON.stringify({ schemaVersion: '2.2', description: 'x'.repeat(65_536) })),
  ).rejects.toThrow(expect.objectContaining({ name: 'MaxDocumentSizeExceeded' }));
});

test('a script that is sent plainly may hold what looks like a template', async () => {
  const commandId = await sendScript(id, ["echo '{{ commands }} {{.State.Status}}'"]);

  expect((await settled(commandId, id)).StandardOutputContent).toBe('{{ commands }} {{.State.Status}}\n');
});
