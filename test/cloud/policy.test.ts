// The roles that the templates make, asked about everything that deploys called: it is allowed, and nothing else is.
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roleOf } from '../../scripts/roles.ts';
import { emptyLedger, formatRecord, recordNames } from '../../src/release/ledger.ts';
import { createRepository } from '../../testbed/cloud/account.ts';
import { listCalls } from '../../testbed/cloud/client.ts';
import type { RecordedCall } from '../../testbed/front/recorder.ts';
import { hostAccessKeyId } from '../../testbed/hosts/directory.ts';
import { runAction } from '../../testbed/runner/run.ts';
import { isAllowed, type Request, type Statement } from '../support/iam.ts';
import { requestsOf } from '../support/requests.ts';
import { deployRole, hostRole, type Place, templateRole } from '../support/roles.ts';
import { newAppName } from './support/app-state.ts';
import { callsOf, newCaller } from './support/callers.ts';
import { access, appFolder, type BorrowedHost, borrowHost, deploy, putSecret } from './support/cloud.ts';
import { ssm } from './support/front.ts';
import { tagsOf } from './support/instances.ts';
import { startJob } from './support/jobs.ts';
import { storedPolicy, storedTrust } from './support/roles.ts';
import { candidateStarting } from './support/rollouts.ts';
import { createSecret } from './support/secrets.ts';
import { createStack, createStackOf, deleteStack, deployStack } from './support/stacks.ts';

/** What these deploys do not show, and why a role needs it. */
const unseen = {
  DeployRole: {
    'ecr:BatchGetImage':
      'a BuildKit of its own asks for the manifest before it pushes, and a Dockerfile may begin with an image of the app',
    'ecr:GetDownloadUrlForLayer': "a Dockerfile may begin with an image of the app's repository",
    'ssm:GetCommandInvocation':
      'output that is too long for a list of all hosts, as that of a refused release is',
  },
  HostRole: {
    'ecr:BatchCheckLayerAvailability': 'an engine may look before it pulls',
  },
};
/** What the agent calls, what the first boot calls and what the template offers: the hosts of the local cloud have none of it. */
const beyondDeploys =
  /^(ec2messages|ssmmessages|logs|cloudwatch|kms|cloudformation):|^ec2:DescribeTags$|^ssm:(?!GetParameter$)/;

const app = newAppName('allowed');
const place: Place = { AppName: app, 'AWS::AccountId': '123456789012', 'AWS::Region': access.AWS_REGION };
const roles = { DeployRole: deployRole(place), HostRole: hostRole(place) };
const caller = newCaller();
const verdicts: (string | undefined)[] = [];
const requests: Record<keyof typeof roles, Request[]> = { DeployRole: [], HostRole: [] };
let host: BorrowedHost;

beforeAll(async () => {
  host = await borrowHost(app);
  const callsOfHost = () => listCalls(access, hostAccessKeyId(host.instanceId));
  const { length: earlier } = await callsOfHost();
  const [secret] = await Promise.all([
    createSecret('marble', `${app}/password`),
    putSecret(`/${app}/database-url`, 'postgres://db'),
    createRepository(access, app),
    createStack(app, { InstanceId: host.instanceId, RepositoryName: app }),
    putOlderRelease(),
  ]);
  const inputs = {
    'instance-ids': '',
    'stack-name': app,
    repository: '',
    'app-name': app,
    'keep-releases': '1',
    secrets: `DATABASE_URL=/${app}/database-url\nPASSWORD=${secret}`,
  };
  const environment = { environment: caller };
  const built = await deploy(host, { ...inputs, context: appFolder }, environment);
  verdicts.push(built.outputs['verdict']);
  const image = `${app}@${built.outputs['image-digest']}`;
  const job = startJob(host, { ...inputs, image, env: 'HEALTH_STATUS=503' }, environment);
  await candidateStarting(host, app);
  verdicts.push((await job.cancel()).conclusion);
  const byStack = { 'stack-name': app, 'app-name': app };
  for (const [actionPath, release] of [
    ['rollback', { release: built.outputs['release'] ?? '' }],
    ['check', {}],
  ] as const) {
    const { outputs } = await runAction({ ...environment, actionPath, inputs: { ...byStack, ...release } });
    verdicts.push(outputs['verdict']);
  }
  requests.DeployRole = await requestsOfCalls(await callsOf(caller));
  requests.HostRole = await requestsOfCalls((await callsOfHost()).slice(earlier));
});

afterAll(async () => {
  await Promise.all([host.giveBack(), deleteStack(app)]);
});

/** A release whose record is deleted when the next one serves, since one is kept. */
async function putOlderRelease(): Promise<void> {
  const Value = formatRecord({ ...emptyLedger, lastSequence: 1, releases: ['r1-0a1b2c'] });
  await ssm.send(new PutParameterCommand({ Name: recordNames.ledger(app), Value, Type: 'String' }));
}

async function requestsOfCalls(calls: RecordedCall[]): Promise<Request[]> {
  const tags = await tagsOf(host.instanceId);
  return (await Promise.all(calls.map((call) => requestsOf(call, place, () => tags)))).flat();
}

function refusals(statements: Statement[], asked: Request[]): string[] {
  const refused = asked.filter((request) => !isAllowed(statements, request));
  return refused.map(({ action, resource }) => `${action} on ${resource}`);
}

function actionsOf(statements: Statement[]): string[] {
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}

test('a deploy ends well, another is cancelled, a rollback and a check find that nothing has changed', () => {
  expect(verdicts).toEqual(['deployed', 'cancelled', 'unchanged', 'unchanged']);
});

describe.each(['DeployRole', 'HostRole'] as const)('%s', (name) => {
  test('allows every call, on the resource that it was made on', () => {
    expect(requests[name].length).toBeGreaterThan(0);
    expect(refusals(roles[name], requests[name])).toEqual([]);
  });

  test('allows nothing that is never called', () => {
    const called = requests[name].map(({ action }) => action);
    const uncalled = actionsOf(roles[name]).filter((action) => !called.includes(action));
    const expected =
      name === 'HostRole' ? uncalled.filter((action) => !beyondDeploys.test(action)) : uncalled;
    expect(expected).toEqual(Object.keys(unseen[name]).sort());
  });

  test("of another app allows no call that is about this one's own", () => {
    const other = { ...place, AppName: `${app}-2` };
    const statements = name === 'HostRole' ? hostRole(other) : deployRole(other);
    const own = requests[name].filter(
      ({ resource }) => resource !== '*' && !resource.includes('::document/'),
    );
    expect(refusals(statements, own)).toHaveLength(own.length);
  });
});

test('the role for the stack allows what a job calls to update it, and no other one', async () => {
  const updater = newCaller();
  const stack = `${app}-updated`;
  await createStack(stack, { InstanceId: host.instanceId });
  try {
    await deployStack(stack, { InstanceId: 'i-0123456789abcdef0' }, updater);
  } finally {
    await deleteStack(stack);
  }
  const asked = await requestsOfCalls(await callsOf(updater));

  expect(asked.map(({ action }) => action)).toContain('cloudformation:ExecuteChangeSet');
  expect(refusals(templateRole({ ...place, AppName: stack }), asked)).toEqual([]);
  expect(refusals(templateRole(place), asked)).toHaveLength(asked.length);
});

// moto makes no identity provider, so that the stack is given one, as an account's second app has it.
test('a stack of the template has the roles that were asked', async () => {
  const parameters = {
    AppName: app,
    GitHubOwner: 'org',
    GitHubOwnerId: '11',
    GitHubRepository: 'shop',
    GitHubRepositoryId: '22',
    TemplateEnvironment: 'infrastructure',
    OidcProviderArn: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com',
  };
  const stack = `${app}-github`;
  try {
    const outputs = await createStackOf('github-oidc.yaml', stack, parameters);
    const nameOf = (output: string) => outputs[output]?.split(':role/ec2-deploy/')[1] ?? '';

    expect(await storedPolicy(nameOf('DeployRoleArn'), 'deploy')).toEqual(roles.DeployRole);
    expect(await storedPolicy(nameOf('TemplateRoleArn'), 'update-stack')).toEqual(templateRole(place));
    expect(await storedTrust(nameOf('DeployRoleArn'))).toEqual(
      roleOf('github-oidc.yaml', 'DeployRole', { refs: { ...place, ...parameters } }).trust.Statement,
    );
  } finally {
    await deleteStack(stack);
  }
});
