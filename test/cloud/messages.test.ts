// What a user reads when something outside of the action is missing, wrong or broken.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hostAccessKeyId } from '../../testbed/hosts/directory.ts';
import type { ActionResult } from '../../testbed/runner/run.ts';
import { annotations, newAppName } from './support/app-state.ts';
import { type Caller, callsOf, deny, failCalls, newCaller } from './support/callers.ts';
import {
  appFolder,
  type BorrowedHost,
  borrowHost,
  deploy,
  fault,
  noFaults,
  runInstance,
  servedVersion,
  startHost,
  type TestHost,
} from './support/cloud.ts';
import { stopInstance, terminateInstance } from './support/instances.ts';
import { pushedVersion } from './support/registry.ts';
import { createStack, deleteStack } from './support/stacks.ts';

const app = newAppName('told');
const stack = newAppName('told');
/** Nobody has these, so that no call can pass by chance. */
const noInstance = 'i-0123456789abcdef0';

let host: BorrowedHost;
/** A host whose user data installs no engine. */
let bareHost: TestHost;
/** The image of the release that serves. */
let image: string;

beforeAll(async () => {
  [host, bareHost] = await Promise.all([
    borrowHost(),
    startHost('#!/bin/bash\ntrue\n'),
    createStack(stack, { SomethingElse: 'x' }),
  ]);
  const { outputs } = await deploy(host, { 'app-name': app, version: '1' });
  image = `local-app@${outputs['image-digest']}`;
});

afterEach(() => noFaults());

afterAll(async () => {
  await Promise.all([host.giveBack(), bareHost.terminate(), deleteStack(stack)]);
});

/**
 * Deploys what cannot be deployed: with the image that exists, unless the inputs say what to build.
 * @returns the text of the job's error
 */
async function errorOf(
  inputs: Record<string, string>,
  caller: Caller = newCaller(),
  verdict = 'failed',
): Promise<string> {
  const source = 'context' in inputs ? {} : { image };
  const result = await deploy(host, { 'app-name': app, ...source, ...inputs }, { environment: caller });
  expectToldProperly(result, caller, verdict);
  return annotations(result, 'error');
}

function expectToldProperly(result: ActionResult, caller: Caller, verdict: string): void {
  expect({ failed: result.exitCode !== 0, verdict: result.outputs['verdict'] }).toEqual({
    failed: true,
    verdict,
  });
  const { main, post, summary } = result;
  // Far below the time that a deploy may wait for its host or take as a whole.
  expect(main.durationSeconds).toBeLessThan(60);
  const everything = [main.rawOutput, post?.rawOutput, summary, ...Object.values(result.outputs)].join('\n');
  expect(everything).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  for (const secret of [caller.AWS_SECRET_ACCESS_KEY, caller.AWS_SESSION_TOKEN]) {
    expect(everything).not.toContain(secret);
  }
  // A registry password is a long word; nothing else in a log is.
  expect(everything).not.toMatch(/[\w+/=-]{200,}/);
}

describe('wrong inputs', () => {
  test('are told all at once, before any call of AWS', async () => {
    const caller = newCaller();

    const error = await errorOf(
      {
        'instance-ids': 'i-12',
        'stack-name': 'shop',
        'container-port': '70000',
        'host-port': '0',
        'health-timeout': '5x',
        strategy: 'canary-ish',
        memory: 'lots',
        env: 'NAME\n1ST=x',
        secrets: 'KEY=not a name',
        context: appFolder,
      },
      caller,
    );

    expect(error).toContain('There are 10 problems with the inputs:');
    for (const [input, value] of [
      ['stack-name, instance-ids and target-tags', 'stack-name and instance-ids are set'],
      ['instance-ids', '"i-12"'],
      ['container-port', '"70000"'],
      ['host-port', '"0"'],
      ['health-timeout', '"5x"'],
      ['strategy', '"canary-ish"'],
      ['memory', '"lots"'],
      ['env', '"NAME"'],
      ['env', '"1ST"'],
      ['secrets', 'the reference of KEY'],
    ]) {
      expect(error).toMatch(new RegExp(`^- ${input}: .*${value}.* Allowed: .+ Example: .+`, 'm'));
    }
    expect(await callsOf(caller)).toEqual([]);
  });
});

describe('what a deploy needs and is not there', () => {
  test('the stack', async () => {
    expect(await errorOf({ 'stack-name': 'no-such-stack', 'instance-ids': '' })).toContain(
      'There is no stack no-such-stack in eu-west-1. Check the inputs stack-name and region, or deploy infra-template/ first.',
    );
  });

  test("the stack's output", async () => {
    expect(await errorOf({ 'stack-name': stack, 'instance-ids': '' })).toContain(
      `The stack ${stack} has no output InstanceId or AutoScalingGroupName (it has: SomethingElse). Deploy infra-template/ or add the output`,
    );
  });

  test('the repository', async () => {
    expect(await errorOf({ repository: 'no-such-repository', context: appFolder })).toContain(
      'There is no ECR repository no-such-repository in eu-west-1. Check the input repository, or make it',
    );
  });

  test('the image', async () => {
    expect(await errorOf({ image: 'local-app:no-such-tag' })).toContain(
      'The repository local-app has no image no-such-tag. Check the input image.',
    );
  });

  test('the Dockerfile', async () => {
    expect(await errorOf({ context: 'test/cloud/support' })).toMatch(
      /There is no test\/cloud\/support\/Dockerfile in \/.+\. Check the inputs context and dockerfile, and that actions\/checkout runs/,
    );
  });

  test('the instance', async () => {
    expect(await errorOf({ 'instance-ids': noInstance })).toContain(
      `There is no instance ${noInstance} in eu-west-1. Check the id and the input region.`,
    );
  });

  test('the agent, which never came', async () => {
    await fault({ noHosts: true });
    const instance = await runInstance();

    const error = await errorOf({ 'instance-ids': instance, 'wait-for-instance': '3s' });

    await terminateInstance(instance);
    expect(error).toContain(
      `The agent on ${instance} never came online (waited 3 s). Check that the instance`,
    );
    expect(error).toContain('AmazonSSMManagedEC2InstanceDefaultPolicy');
  });

  test('the agent, which came and went', async () => {
    await fault({ agentOffline: host.instanceId });

    expect(await errorOf({ 'wait-for-instance': '3s' })).toContain(
      `The agent on ${host.instanceId} was online once and is not now (ConnectionLost; waited 3 s). Check the instance's load`,
    );
  });

  test('the engine', async () => {
    const error = await errorOf({ 'instance-ids': bareHost.instanceId });

    expect(error).toContain(
      `The host ${bareHost.instanceId} is not ready: docker is not installed on the host.`,
    );
    expect(error).toContain('dnf install -y docker; systemctl enable --now docker');
  });

  test('the engine, which is installed and does not run', async () => {
    await bareHost.shell('dnf install -y docker');

    const error = await errorOf({ 'instance-ids': bareHost.instanceId, 'wait-for-instance': '10s' });

    expect(error).toContain(
      `The host ${bareHost.instanceId} is not ready: the docker engine does not answer on the host.`,
    );
    expect(error).toContain('systemctl enable --now docker');
    expect(error).toContain('Cannot connect to the Docker daemon');
  });

  test('the instance, which is stopped', async () => {
    await stopInstance(bareHost.instanceId);

    expect(await errorOf({ 'instance-ids': bareHost.instanceId })).toMatch(
      new RegExp(
        `The instance ${bareHost.instanceId} is stop(ped|ping)\\. Start it: aws ec2 start-instances --instance-ids ${bareHost.instanceId}`,
      ),
    );
  });
});

describe('a build that fails', () => {
  test('shows what the build said', async () => {
    const error = await errorOf({ context: 'test/cloud/support/broken-build' });

    expect(error).toContain('docker build failed with exit code');
    expect(error).toContain('exit 3');
  });
});

describe('credentials', () => {
  test('that are missing', async () => {
    const { AWS_ENDPOINT_URL, AWS_REGION } = newCaller();
    const nowhere = '/nonexistent/aws';
    const environment = {
      ...{ AWS_ENDPOINT_URL, AWS_REGION, AWS_EC2_METADATA_DISABLED: 'true' },
      ...{ AWS_CONFIG_FILE: nowhere, AWS_SHARED_CREDENTIALS_FILE: nowhere },
    };

    const result = await deploy(host, { 'app-name': app, image }, { environment });

    expectToldProperly(result, newCaller(), 'failed');
    expect(annotations(result, 'error')).toContain(
      'There are no AWS credentials. Add aws-actions/configure-aws-credentials before this step, and `permissions: id-token: write` to the job.',
    );
  });

  test.each([
    ['ec2:DescribeInstances', 'AuthFailure'],
    ['ecr:GetAuthorizationToken', 'ExpiredTokenException'],
    ['ssm:DescribeInstanceInformation', 'UnrecognizedClientException'],
  ])('that AWS does not accept: %s says %s', async (action, error) => {
    const caller = newCaller();
    await failCalls(action, error, caller.AWS_ACCESS_KEY_ID);

    expect(await errorOf({}, caller)).toContain(
      'AWS does not accept the credentials of this job; they are wrong or have expired. Look at the step that configures them.',
    );
  });
});

describe('rights that are missing', () => {
  test.each([
    ['cloudformation:DescribeStacks', { 'stack-name': stack, 'instance-ids': '' }, stack],
    ['ec2:DescribeInstances', {}, 'i-'],
    ['ecr:GetAuthorizationToken', {}, 'the registry'],
    ['ssm:SendCommand', {}, 'i-'],
    ['ssm:GetParameter', {}, `/ec2-deploy/${app}/lease`],
  ])('%s', async (action, inputs, subject) => {
    const caller = newCaller();
    await deny(action, caller.AWS_ACCESS_KEY_ID);

    const error = await errorOf(inputs, caller);

    expect(error).toContain(`The workflow's role may not call ${action} on ${subject}`);
    expect(error).toContain('Add the action to its policy (README, "The exact IAM policy").');
  });

  test('to push', async () => {
    const caller = newCaller();
    await deny('ecr:PutImage', caller.AWS_ACCESS_KEY_ID);

    const error = await errorOf({ context: appFolder }, caller);

    expect(error).toMatch(/docker cannot push .*\/local-app:.*The role needs the ECR push actions/);
    expect(error).toContain('not authorized to perform: ecr:PutImage');
  });

  test('of the host, to pull', async () => {
    await deny('ecr:BatchGetImage', hostAccessKeyId(host.instanceId));

    const error = await errorOf({ image: await pushedVersion('2') }, newCaller(), 'rolled-back');

    expect(error).toMatch(
      /the host cannot pull .*\(its role needs ecr:BatchGetImage and ecr:GetDownloadUrlForLayer\)/i,
    );
    expect(await servedVersion(host)).toBe('1');
  });

  test('of the host, to log in to the registry', async () => {
    await deny('ecr:GetAuthorizationToken', hostAccessKeyId(host.instanceId));

    const error = await errorOf({ image: await pushedVersion('2') }, newCaller(), 'rolled-back');

    expect(error).toMatch(/the host's role cannot get a registry token \(ecr:GetAuthorizationToken\)/i);
    expect(await servedVersion(host)).toBe('1');
  });
});

describe('AWS in trouble', () => {
  test('the registry does not answer', async () => {
    await fault({ stopRegistry: true });

    expect(await errorOf({ context: appFolder })).toMatch(
      /docker cannot log in to 127\.0\.0\.1:\d+\. Check the runner's way to it \(network, proxy\), or run the job again later: .+/,
    );
  });

  test('too many requests', async () => {
    const caller = newCaller();
    await failCalls('ssm:SendCommand', 'ThrottlingException', caller.AWS_ACCESS_KEY_ID);

    expect(await errorOf({}, caller)).toContain(
      `AWS refused ssm:SendCommand on ${host.instanceId} five times because of too many requests. Run the job again later.`,
    );
    const attempts = (await callsOf(caller)).filter(({ operation }) => operation === 'SendCommand');
    expect(attempts).toHaveLength(5);
  });

  test('an error of its own', async () => {
    const caller = newCaller();
    await failCalls('ssm:SendCommand', 'InternalServerError', caller.AWS_ACCESS_KEY_ID);

    expect(await errorOf({}, caller)).toContain(
      `AWS could not do ssm:SendCommand on ${host.instanceId}, five times. Look at health.aws.amazon.com, and run the job again later.`,
    );
  });

  test('an error that nobody foresaw', async () => {
    const caller = newCaller();
    await failCalls('ssm:SendCommand', 'InvalidRole', caller.AWS_ACCESS_KEY_ID);

    expect(await errorOf({}, caller)).toContain(`ssm:SendCommand on ${host.instanceId} failed: InvalidRole`);
  });

  test('an endpoint where nobody is', async () => {
    const caller = { ...newCaller(), AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };

    expect(await errorOf({}, caller)).toContain(
      "ec2:DescribeInstances did not get through to AWS. Check the input region and the runner's network.",
    );
  });
});
