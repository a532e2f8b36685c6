// Stacks of the templates, as an owner would look at them through the AWS CLI.
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  type StackResource,
} from '@aws-sdk/client-cloudformation';
import { clientSettings } from '../../../testbed/cloud/account.ts';
import { access } from './cloud.ts';
import { awsText } from './front.ts';
import { deleteStack } from './stacks.ts';

const cloudFormation = new CloudFormationClient(clientSettings(access));

/** What a JMESPath expression finds in the answer of an AWS CLI command. */
export async function query(expression: string, ...command: string[]): Promise<unknown> {
  return JSON.parse(await awsText(...command, '--output', 'json', '--query', expression));
}

/** The id that a resource of a stack got; empty if the stack has no such resource. */
export async function resourceId(stack: string, resource: string): Promise<string> {
  const resources = await resourcesOf(stack);
  return resources.find(({ LogicalResourceId }) => LogicalResourceId === resource)?.PhysicalResourceId ?? '';
}

async function resourcesOf(stack: string): Promise<StackResource[]> {
  // moto's DescribeStackResource, for a single one, fails where a condition left another one out.
  const { StackResources = [] } = await cloudFormation.send(
    new DescribeStackResourcesCommand({ StackName: stack }),
  );
  return StackResources;
}

/** moto gives up on the network when all else is deleted, and misses a replica that it deleted with its source. */
const givenUp = ['DependencyViolation', 'DBInstanceNotFound'];

/** Deletes a stack as far as moto does. */
export async function deleteStackOf(name: string): Promise<void> {
  try {
    await deleteStack(name);
  } catch (error) {
    if (!(error instanceof Error && givenUp.includes(error.name))) throw error;
  }
}

/** The secrets that have the names of the templates': other tests of the same cloud have theirs. */
const templateSecrets = `SecretList[?${['database', 'database-url', 'cache', 'cache-url']
  .map((name) => `ends_with(Name, '/${name}')`)
  .join(' || ')}]`;

/**
 * The types of resources that moto's CloudFormation takes and does not make. Each with how to ask for the resources of the
 * cloud, so that a test fails when moto has learned to make one.
 */
const skipped: Record<string, [expression: string, ...command: string[]]> = {
  'AWS::AutoScaling::ScalingPolicy': ['ScalingPolicies', 'autoscaling', 'describe-policies'],
  'AWS::CloudFront::Distribution': ['DistributionList.Items || `[]`', 'cloudfront', 'list-distributions'],
  'AWS::CloudWatch::Alarm': ['MetricAlarms', 'cloudwatch', 'describe-alarms'],
  'AWS::ElastiCache::ReplicationGroup': ['ReplicationGroups', 'elasticache', 'describe-replication-groups'],
  'AWS::ElastiCache::SubnetGroup': ['CacheSubnetGroups', 'elasticache', 'describe-cache-subnet-groups'],
  'AWS::SNS::Subscription': ['Subscriptions', 'sns', 'list-subscriptions'],
  'AWS::SecretsManager::RotationSchedule': ['SecretList[?RotationEnabled]', 'secretsmanager', 'list-secrets'],
  'AWS::SecretsManager::Secret': [templateSecrets, 'secretsmanager', 'list-secrets'],
  'AWS::SecretsManager::SecretTargetAttachment': [templateSecrets, 'secretsmanager', 'list-secrets'],
  'AWS::WAFv2::WebACL': ['WebACLs', 'wafv2', 'list-web-acls', '--scope=REGIONAL'],
  'AWS::WAFv2::WebACLAssociation': ['WebACLs', 'wafv2', 'list-web-acls', '--scope=REGIONAL'],
};

/**
 * How many resources of each type the stack says it has, while the service knows none.
 * @throws Error when a service does know resources of a type that is listed as skipped
 */
export async function skippedBy(stack: string): Promise<Record<string, number>> {
  const types = (await resourcesOf(stack)).map(({ ResourceType = '' }) => ResourceType);
  const counts: Record<string, number> = {};
  for (const type of types) if (type in skipped) counts[type] = (counts[type] ?? 0) + 1;
  const questions = new Set(Object.keys(counts).map((type) => JSON.stringify(skipped[type])));
  for (const question of questions) await requireNone(JSON.parse(question));
  return counts;
}

async function requireNone([expression = '', ...command]: string[]): Promise<void> {
  const known = (await query(expression, ...command)) as unknown[];
  if (known.length > 0) {
    const asked = `aws ${command.join(' ')}`;
    throw new Error(
      `moto answers ${asked} now: assert what it makes, and take it off the list of skipped types`,
    );
  }
}
