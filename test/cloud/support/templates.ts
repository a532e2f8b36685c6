// Stacks of the templates, as an owner would look at them through the AWS CLI.
import { readFileSync } from 'node:fs';
import { CloudFormationClient, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { clientSettings } from '../../../testbed/cloud/account.ts';
import { access } from './cloud.ts';
import { aws, awsText } from './front.ts';
import { deleteStack } from './stacks.ts';

const cloudFormation = new CloudFormationClient(clientSettings(access));

/** What a JMESPath expression finds in the answer of an AWS CLI command. */
export async function query(expression: string, ...command: string[]): Promise<unknown> {
  return JSON.parse(await awsText('--output', 'json', '--query', expression, ...command));
}

/** The id that a resource of a stack got. */
export async function resourceId(stack: string, resource: string): Promise<string> {
  // moto's DescribeStackResource fails where a condition left a resource out.
  const found = await query(
    `StackResources[?LogicalResourceId=='${resource}'].PhysicalResourceId | [0]`,
    ...['cloudformation', 'describe-stack-resources', '--stack-name', stack],
  );
  return String(found);
}

/** Updates a stack to the template in its present form, with these parameters and otherwise the defaults. */
export async function updateStackOf(
  file: string,
  name: string,
  parameters: Record<string, string>,
): Promise<void> {
  await cloudFormation.send(
    new UpdateStackCommand({
      StackName: name,
      TemplateBody: readFileSync(`infra-template/${file}`, 'utf8'),
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Capabilities: ['CAPABILITY_IAM'],
    }),
  );
}

/** Deletes a stack as far as moto does. */
export async function deleteStackOf(name: string): Promise<void> {
  try {
    await deleteStack(name);
  } catch (error) {
    // moto gives up on the network; everything before it is deleted.
    if (!(error instanceof Error && error.name === 'DependencyViolation')) throw error;
  }
}

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
  'AWS::SecretsManager::Secret': ['SecretList', 'secretsmanager', 'list-secrets'],
  'AWS::SecretsManager::SecretTargetAttachment': ['SecretList', 'secretsmanager', 'list-secrets'],
  'AWS::WAFv2::WebACL': ['WebACLs', 'wafv2', 'list-web-acls', '--scope=REGIONAL'],
  'AWS::WAFv2::WebACLAssociation': ['WebACLs', 'wafv2', 'list-web-acls', '--scope=REGIONAL'],
};

/**
 * How many resources of each type the stack says it has, while the service knows none.
 * @throws Error when a service does know resources of a type that is listed as skipped
 */
export async function skippedBy(stack: string): Promise<Record<string, number>> {
  const { StackResources } = await aws('cloudformation', 'describe-stack-resources', '--stack-name', stack);
  const types = (StackResources as { ResourceType: string }[]).map(({ ResourceType }) => ResourceType);
  const counts: Record<string, number> = {};
  for (const type of types) if (type in skipped) counts[type] = (counts[type] ?? 0) + 1;
  for (const type of Object.keys(counts)) await requireNone(type);
  return counts;
}

async function requireNone(type: string): Promise<void> {
  const [expression = '', ...command] = skipped[type] ?? [];
  const known = (await query(expression, ...command)) as unknown[];
  if (known.length > 0)
    throw new Error(
      `moto makes ${type} now: assert what it makes, and take it off the list of skipped types`,
    );
}
