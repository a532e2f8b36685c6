import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, PutParameterCommand, type PutParameterCommandInput } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clientSettings } from '../../testbed/cloud/account.ts';
import { access, fault, noFaults } from './support/cloud.ts';
import { aws, ssm } from './support/front.ts';

const once = { ...clientSettings(access), maxAttempts: 1 };
const ec2 = new EC2Client(once);
const cloudFormation = new CloudFormationClient(once);
const ecr = new ECRClient(once);

const readInstances = (): Promise<unknown> => ec2.send(new DescribeInstancesCommand({}));
const readStacks = (): Promise<unknown> => cloudFormation.send(new DescribeStacksCommand({}));
const readRepositories = (): Promise<unknown> => ecr.send(new DescribeRepositoriesCommand({}));

interface Call {
  service: string;
  operation: string;
  accessKeyId: string;
  parameters: Record<string, unknown>;
}

function control(method: string, path: string, body?: string): Promise<Response> {
  return fetch(new URL(`/_cloud/${path}`, access.AWS_ENDPOINT_URL), {
    method,
    ...(body !== undefined && { body }),
  });
}

async function calls(): Promise<Call[]> {
  return (await control('GET', 'calls')).json() as Promise<Call[]>;
}

beforeEach(async () => {
  await noFaults();
  await control('DELETE', 'calls');
});

afterEach(() => noFaults());

test('what is not ours goes to moto, and its answer comes back whole', async () => {
  const bucket = `front-${Date.now()}`;
  const here = `LocationConstraint=${access.AWS_REGION}`;

  expect(await aws('sts', 'get-caller-identity')).toMatchObject({ Account: '123456789012' });
  await aws('s3api', 'create-bucket', '--bucket', bucket, '--create-bucket-configuration', here);
  expect(await aws('s3api', 'list-buckets')).toMatchObject({
    Buckets: expect.arrayContaining([expect.objectContaining({ Name: bucket })]),
  });
  await expect(aws('cloudformation', 'describe-stacks', '--stack-name', 'none')).rejects.toThrow(
    /ValidationError.*Stack with id none does not exist/,
  );
});

test('calls are recorded with who called, without the value of any secret', async () => {
  const marker = 'marker-3f1c';
  const secret = { Name: `front-${Date.now()}`, SecretString: marker };
  await putParameter({ Name: '/front/marker', Type: 'SecureString', Value: marker });
  await new SecretsManagerClient(once).send(new CreateSecretCommand(secret));

  const recorded = await calls();

  expect(recorded).toMatchObject([
    {
      service: 'ssm',
      operation: 'PutParameter',
      accessKeyId: access.AWS_ACCESS_KEY_ID,
      parameters: { Name: '/front/marker', Type: 'SecureString' },
    },
    { service: 'secretsmanager', operation: 'CreateSecret', parameters: { Name: secret.Name } },
  ]);
  expect(JSON.stringify(recorded)).not.toContain(marker);
});

async function putParameter(more: Partial<PutParameterCommandInput>): Promise<void> {
  await ssm.send(
    new PutParameterCommand({ Name: '/front/a', Value: 'x', Type: 'String', Overwrite: true, ...more }),
  );
}

test.each([
  ['ssm', 'GetParameter', () => ssm.send(new GetParameterCommand({ Name: '/front/none' }))],
  ['ecr', 'DescribeRepositories', readRepositories],
  ['ec2', 'DescribeInstances', readInstances],
  ['cloudformation', 'DescribeStacks', readStacks],
])(
  'a fault breaks %s %s as often as it says, in the protocol of the service',
  async (service, operation, call) => {
    await fault({ service, operation, error: 'ThrottlingException', times: 2 });
    const throttled = expect.objectContaining({ name: 'ThrottlingException', message: 'Rate exceeded' });

    await expect(call()).rejects.toThrow(throttled);
    await expect(call()).rejects.toThrow(throttled);

    const third = await call().catch((error: Error) => error);
    expect(third).not.toEqual(throttled);
  },
);

test('an SDK that tries again gets over a fault', async () => {
  await fault({ service: 'ecr', operation: 'DescribeRepositories', error: 'ServerException', times: 2 });

  await new ECRClient({ ...clientSettings(access), maxAttempts: 3 }).send(
    new DescribeRepositoriesCommand({}),
  );

  expect(await calls()).toHaveLength(3);
});

test('a fault lasts until it is cleared, with its own message and status', async () => {
  await fault({
    service: 'ec2',
    operation: 'DescribeInstances',
    error: 'InternalError',
    message: 'try <later>',
    status: 503,
  });

  for (const _attempt of [1, 2]) {
    await expect(readInstances()).rejects.toThrow(
      expect.objectContaining({
        name: 'InternalError',
        message: 'try <later>',
        $metadata: expect.objectContaining({ httpStatusCode: 503 }),
      }),
    );
  }
  await noFaults();
  await readInstances();
});

test('a fault can only delay', async () => {
  await fault({ service: 'cloudformation', operation: 'DescribeStacks', delayMs: 700, times: 1 });
  const start = performance.now();

  await readStacks();

  expect(performance.now() - start).toBeGreaterThanOrEqual(700);
});

test.each([
  [
    'ssm:SendCommand',
    ['ssm', 'send-command', '--instance-ids', 'i-00000000000000000', '--document-name', 'AWS-RunShellScript'],
    /AccessDeniedException\).*User: arn:aws:\S+ is not authorized to perform: ssm:SendCommand on resource: arn:aws:ec2:\S+:123456789012:instance\/i-0{17} because no identity-based policy allows/,
  ],
  [
    'ec2:DescribeInstances',
    ['ec2', 'describe-instances'],
    /UnauthorizedOperation\).*You are not authorized to perform this operation\. User: arn:aws:\S+ is not authorized to perform: ec2:DescribeInstances/,
  ],
  [
    'cloudformation:DescribeStacks',
    ['cloudformation', 'describe-stacks'],
    /AccessDenied\).*is not authorized to perform: cloudformation:DescribeStacks/,
  ],
  [
    'cloudwatch:DescribeAlarms',
    ['cloudwatch', 'describe-alarms'],
    /AccessDenied\w*\).*is not authorized to perform: cloudwatch:DescribeAlarms/,
  ],
])('a missing right to %s is told as AWS tells it', async (action, command, message) => {
  await control('POST', 'deny', JSON.stringify({ action }));

  await expect(aws(...command)).rejects.toThrow(message);
});

test('a right can be missing for one caller only', async () => {
  await control(
    'POST',
    'deny',
    JSON.stringify({ action: 'ecr:DescribeRepositories', accessKeyId: 'AKIASOMEBODYELSE' }),
  );

  await readRepositories();
  const other = new ECRClient({
    ...once,
    credentials: { accessKeyId: 'AKIASOMEBODYELSE', secretAccessKey: 'x' },
  });

  await expect(other.send(new DescribeRepositoriesCommand({}))).rejects.toThrow(
    /not authorized to perform: ecr:DescribeRepositories/,
  );
});

test.each([
  ['{"service":"ssm","operation":"GetParameter"}', /needs "error", "delayMs" or both/],
  ['{"operation":"GetParameter","error":"X"}', /"service" is missing/],
  ['{"service":"ssm","operation":"GetParameter","error":"X","time":1}', /unknown field "time"/],
  [
    '{"service":"ssm","operation":"GetParameter","error":"X","times":0}',
    /"times" must be a positive whole number, not 0/,
  ],
  ['{"agentOffline":"i-00000000000000000"}', /no host "i-00000000000000000"/],
  ['{"stopRegistry":"yes"}', /"stopRegistry" must be true/],
  ['[]', /JSON object/],
  ['no json', /JSON/],
])('the fault %s is refused with the reason', async (body, message) => {
  const answer = await control('POST', 'faults', body);

  expect({ status: answer.status, error: ((await answer.json()) as { error: string }).error }).toEqual({
    status: 400,
    error: expect.stringMatching(message),
  });
});

test.each<[string, Partial<PutParameterCommandInput>, RegExp]>([
  ['a value of 4,097 bytes', { Value: 'x'.repeat(4097) }, /maximum parameter value of 4096/],
  ['4,097 bytes in 2,049 characters', { Value: `${'é'.repeat(2048)}x` }, /maximum parameter value of 4096/],
  ['an advanced value of 8,193 bytes', { Value: 'x'.repeat(8193), Tier: 'Advanced' }, /value of 8192/],
  ['a value with braces', { Value: 'a {{b}} c' }, /\{\{\.\.\.\}\}/],
  ['a name with a blank', { Name: '/front/a b' }, /Parameter name/],
  ['a reserved name', { Name: '/ssm/a' }, /can't be prefixed with "aws" or "ssm"/],
  ['a name of 16 levels', { Name: `/front${'/a'.repeat(15)}` }, /maximum of 15 levels/],
  ['a path that does not start with a slash', { Name: 'front/a' }, /fully qualified/],
])('PutParameter refuses %s', async (_what, wrong, message) => {
  await expect(putParameter(wrong)).rejects.toThrow(message);
});

test('PutParameter takes the largest value of each tier, and keeps one that is there', async () => {
  await putParameter({ Name: '/front/standard', Value: 'x'.repeat(4096) });
  await putParameter({ Name: '/front/advanced', Value: 'x'.repeat(8192), Tier: 'Advanced' });

  await expect(
    aws('ssm', 'put-parameter', '--name', '/front/standard', '--type', 'String', '--value', 'y'),
  ).rejects.toThrow(/ParameterAlreadyExists/);

  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/front/standard' }));
  expect(Parameter?.Value).toBe('x'.repeat(4096));
});
