// CloudFormation stacks: of a template, or with nothing but outputs, for deploys that find their host by stack-name.
import { readFileSync } from 'node:fs';
import {
  CloudFormationClient,
  CreateStackCommand,
  type CreateStackInput,
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { clientSettings } from '../../../testbed/cloud/account.ts';
import { docker } from '../../../testbed/cloud/docker.ts';
import { containerName, FRONT_PORT } from '../../../testbed/cloud/names.ts';
import type { Caller } from './callers.ts';
import { access, testCloud } from './cloud.ts';

const cloudFormation = new CloudFormationClient(clientSettings(access));

/** Makes a stack with these outputs. */
export async function createStack(name: string, outputs: Record<string, string>): Promise<void> {
  await cloudFormation.send(
    new CreateStackCommand({ StackName: name, TemplateBody: templateOf(name, outputs) }),
  );
}

/** Gives a stack other outputs by `aws cloudformation deploy`, as a job with these credentials would. */
export async function deployStack(
  name: string,
  outputs: Record<string, string>,
  caller: Caller,
): Promise<void> {
  const { AWS_ENDPOINT_URL: _, ...credentials } = caller;
  const environment = Object.entries(credentials).map(([key, value]) => `--env=${key}=${value}`);
  const script = `printf %s "$1" >/tmp/$2.json && aws cloudformation deploy --stack-name "$2" --template-file /tmp/$2.json`;
  await docker(
    ...['exec', ...environment, `--env=AWS_ENDPOINT_URL=http://127.0.0.1:${FRONT_PORT}`],
    ...[containerName(testCloud, 'control'), 'bash', '-c', script, 'bash', templateOf(name, outputs), name],
  );
}

function templateOf(name: string, outputs: Record<string, string>): string {
  return JSON.stringify({
    AWSTemplateFormatVersion: '2010-09-09',
    // No stack is without a resource.
    Resources: {
      Marker: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Name: `/stacks/${name}`, Type: 'String', Value: JSON.stringify(outputs) },
      },
    },
    Outputs: Object.fromEntries(Object.entries(outputs).map(([key, value]) => [key, { Value: value }])),
  });
}

/**
 * Makes a stack of a template in infra-template/.
 * @param change what to make of the template's text
 * @returns its outputs
 */
export async function createStackOf(
  file: string,
  name: string,
  parameters: Record<string, string>,
  change = (text: string) => text,
): Promise<Record<string, string>> {
  const request = requestOf(file, name, parameters);
  const TemplateBody = change(request.TemplateBody ?? '');
  await cloudFormation.send(new CreateStackCommand({ ...request, TemplateBody }));
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
  const outputs = Stacks?.[0]?.Outputs ?? [];
  return Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
}

/** Updates a stack to the template in its present form, with these parameters and otherwise the defaults. */
export async function updateStackOf(
  file: string,
  name: string,
  parameters: Record<string, string>,
): Promise<void> {
  await cloudFormation.send(new UpdateStackCommand(requestOf(file, name, parameters)));
}

function requestOf(file: string, name: string, parameters: Record<string, string>): CreateStackInput {
  return {
    StackName: name,
    TemplateBody: readFileSync(`infra-template/${file}`, 'utf8'),
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Capabilities: ['CAPABILITY_IAM'],
  };
}

export async function deleteStack(name: string): Promise<void> {
  await cloudFormation.send(new DeleteStackCommand({ StackName: name }));
}
