// Whatever right is missing, the message names the action that has to be added.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Instances } from '../../src/aws/ec2.ts';
import { Registry } from '../../src/aws/ecr.ts';
import { Parameters } from '../../src/aws/parameters.ts';
import { RunCommand } from '../../src/aws/ssm.ts';
import { Stacks } from '../../src/aws/stack.ts';
import { sendError } from '../../testbed/front/answer.ts';
import { identifyCall } from '../../testbed/front/api-call.ts';
import { ApiError } from '../../testbed/front/api-error.ts';
import { deployRole, documented } from '../support/roles.ts';

/** Refuses every call as AWS refuses one that no policy allows. */
const refusing: Server = createServer(async (request, response) => {
  const call = identifyCall(request, await buffer(request));
  const code = { ec2: 'UnauthorizedOperation', query: 'AccessDenied' }[String(call.protocol)];
  sendError(response, call, new ApiError(code ?? 'AccessDeniedException', 'User: u is not authorized', 403));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
  const { port } = refusing.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'ASIAEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
});

afterAll(() => {
  vi.unstubAllEnvs();
  refusing.closeAllConnections();
  refusing.close();
});

const region = 'eu-west-1';
const instanceId = 'i-0123456789abcdef0';
const command = { document: 'AWS-RunShellScript', parameters: { commands: ['true'] } };

/** What makes each call of the role's policy that the action makes itself; docker makes the others. */
const calls: Record<string, () => Promise<unknown>> = {
  'cloudformation:DescribeStacks': () => new Stacks(region).outputs('shop'),
  'ec2:DescribeInstances': () => new Instances(region).describe([instanceId]),
  'ecr:DescribeImages': () => new Registry(region).image('shop', 'latest'),
  'ecr:DescribeRepositories': () => new Registry(region).requireRepository('shop'),
  'ecr:GetAuthorizationToken': () => new Registry(region).login(),
  'ssm:CancelCommand': () => new RunCommand(region).cancel('c'),
  'ssm:DeleteParameters': () => new Parameters(region).remove(['/ec2-deploy/shop/releases/r1-abcdef']),
  'ssm:DescribeInstanceInformation': () => new RunCommand(region).agents([instanceId]),
  'ssm:GetCommandInvocation': () => new RunCommand(region).output('c', instanceId),
  'ssm:GetParameter': () => new Parameters(region).read('/ec2-deploy/shop/ledger'),
  'ssm:ListCommandInvocations': () => new RunCommand(region).invocations('c'),
  'ssm:PutParameter': () => new Parameters(region).write('/ec2-deploy/shop/ledger', '{}'),
  'ssm:SendCommand': () =>
    new RunCommand(region).send([instanceId], command, { comment: '', executionTimeout: 60 }),
};

test('every action of the policy that is not for docker has its call here', () => {
  const actions = deployRole(documented).flatMap(({ Action }) => Action);
  const ofDocker =
    /^ecr:(BatchCheckLayerAvailability|BatchGetImage|GetDownloadUrlForLayer|PutImage|.*Upload.*)$/;

  expect(Object.keys(calls)).toEqual([...new Set(actions)].filter((action) => !ofDocker.test(action)).sort());
});

test.each(Object.entries(calls))('%s', async (action, call) => {
  await expect(call()).rejects.toThrow(
    new RegExp(
      `^The workflow's role may not call ${action} on .+\\. Add the action to its policy \\(README, "The exact IAM policy"\\)\\. AWS said: User: u is not authorized`,
    ),
  );
});
