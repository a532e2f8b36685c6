// The policy that the README gives to the workflow's role: everything that deploys call is in it, and nothing else.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordedCall } from '../../testbed/front/recorder.ts';
import { PROJECT } from '../../testbed/runner/environment.ts';
import { newAppName } from './support/app-state.ts';
import { callsOf, newCaller } from './support/callers.ts';
import { deploy, repository, startHost, type TestHost } from './support/cloud.ts';
import { startJob } from './support/jobs.ts';
import { candidateStarting } from './support/rollouts.ts';
import { createStack, deleteStack } from './support/stacks.ts';

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
}

/** What these deploys do not show, and why a role needs it. */
const unseen: Record<string, string> = {
  'ecr:BatchGetImage':
    'a BuildKit of its own asks for the manifest before it pushes, and a Dockerfile may begin with an image of the app',
  'ecr:GetDownloadUrlForLayer': "a Dockerfile may begin with an image of the app's repository",
};

const app = newAppName('allowed');
const caller = newCaller();
const verdicts: (string | undefined)[] = [];
let host: TestHost;
let calls: RecordedCall[];

beforeAll(async () => {
  host = await startHost();
  await createStack(app, { InstanceId: host.instanceId, RepositoryName: repository });
  const place = {
    'instance-ids': '',
    'stack-name': app,
    repository: '',
    'app-name': app,
    'keep-releases': '1',
  };
  const environment = { environment: caller };
  // Versions that no other test builds, or their layers would be in the registry already.
  for (const version of [`${app}-1`, `${app}-2`]) {
    verdicts.push(
      await verdictOf(deploy(host, { ...place, 'build-args': `VERSION=${version}` }, environment)),
    );
  }
  const unhealthy = { ...place, 'build-args': `VERSION=${app}-2`, env: 'HEALTH_STATUS=503' };
  verdicts.push(await verdictOf(deploy(host, { ...unhealthy, 'health-timeout': '2s' }, environment)));
  const job = startJob(host, unhealthy, environment);
  await candidateStarting(host, app);
  verdicts.push((await job.cancel()).conclusion);
  calls = await callsOf(caller);
});

afterAll(async () => {
  await Promise.all([host.terminate(), deleteStack(app)]);
});

async function verdictOf(deploying: ReturnType<typeof deploy>): Promise<string | undefined> {
  return (await deploying).outputs['verdict'];
}

function policy(): Statement[] {
  return JSON.parse(readFileSync(`${PROJECT}/infra-template/deploy-policy.json`, 'utf8')).Statement;
}

function allowedActions(): string[] {
  return [...new Set(policy().flatMap(({ Action }) => Action))].sort();
}

function calledActions(): string[] {
  return [...new Set(calls.map(({ service, operation }) => `${service}:${operation}`))].sort();
}

test('deploys that end well, are refused and are cancelled call what the policy allows', () => {
  expect(verdicts).toEqual(['deployed', 'deployed', 'rolled-back', 'cancelled']);
  expect(calledActions().filter((action) => !allowedActions().includes(action))).toEqual([]);
});

test('the policy allows nothing that is never called', () => {
  expect(allowedActions().filter((action) => !calledActions().includes(action))).toEqual(
    Object.keys(unseen).sort(),
  );
});

test("records are read and written below the app's own name only, as the policy has it", () => {
  const names = calls
    .filter(({ operation }) => operation.includes('Parameter'))
    .flatMap(({ parameters }) => [parameters['Name'], parameters['Names']].flat())
    .filter((name) => name !== undefined);

  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !String(name).startsWith(`/ec2-deploy/${app}/`))).toEqual([]);
  expect(policy().find(({ Action }) => [Action].flat().includes('ssm:PutParameter'))?.Resource).toBe(
    'arn:aws:ssm:REGION:ACCOUNT:parameter/ec2-deploy/APP/*',
  );
});

test('hosts get the one document that the policy names', () => {
  const documents = calls
    .filter(({ operation }) => operation === 'SendCommand')
    .map(({ parameters }) => parameters['DocumentName']);

  expect(new Set(documents)).toEqual(new Set(['AWS-RunShellScript']));
  expect(policy().map(({ Resource }) => Resource)).toContain(
    'arn:aws:ssm:REGION::document/AWS-RunShellScript',
  );
});
