// What the account's owner does once before the first deploy: the stack, and the secret in Parameter Store.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  type Stack,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type Access, clientSettings } from '../cloud/account.ts';
import { PROJECT } from '../runner/environment.ts';

const TEMPLATE = join(PROJECT, 'infra-template', 'single-instance.yaml');
const STACK_SECONDS = 300;

/** What the demo uses of the stack's outputs. */
export interface StackOutputs {
  instanceId: string;
  repositoryName: string;
}

/** The outputs of a stack that is complete; undefined when there is none. */
export async function findStack(access: Access, stackName: string): Promise<StackOutputs | undefined> {
  const client = new CloudFormationClient(clientSettings(access));
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    return Stacks[0] === undefined ? undefined : readOutputs(Stacks[0]);
  } catch (error) {
    if (error instanceof Error && error.message.includes('does not exist')) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

/**
 * Creates the stack of infra-template/single-instance.yaml and waits until it is complete.
 * @throws Error with CloudFormation's reason when it fails
 */
export async function createStack(access: Access, stackName: string): Promise<StackOutputs> {
  const client = new CloudFormationClient(clientSettings(access));
  await client.send(
    new CreateStackCommand({
      StackName: stackName,
      TemplateBody: await readFile(TEMPLATE, 'utf8'),
      Parameters: [{ ParameterKey: 'AppName', ParameterValue: stackName }],
      Capabilities: ['CAPABILITY_IAM'],
    }),
  );
  const patience = { client, minDelay: 1, maxDelay: 5, maxWaitTime: STACK_SECONDS };
  await waitUntilStackCreateComplete(patience, { StackName: stackName });
  client.destroy();
  const outputs = await findStack(access, stackName);
  if (outputs === undefined)
    throw new Error(`stack ${stackName} is complete, but CloudFormation does not know it`);
  return outputs;
}

/** Writes a SecureString parameter, over a former value. */
export async function putSecret(access: Access, name: string, value: string): Promise<void> {
  const client = new SSMClient(clientSettings(access));
  await client.send(
    new PutParameterCommand({ Name: name, Value: value, Type: 'SecureString', Overwrite: true }),
  );
  client.destroy();
}

function readOutputs({ StackName, StackStatus, Outputs = [] }: Stack): StackOutputs {
  const read = (key: string) => {
    const value = Outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
    if (value === undefined) {
      throw new Error(
        `stack ${StackName} (${StackStatus}) has no output ${key}: start over with npm run demo -- --fresh`,
      );
    }
    return value;
  };
  return { instanceId: read('InstanceId'), repositoryName: read('RepositoryName') };
}
