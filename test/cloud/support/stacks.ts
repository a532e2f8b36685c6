// CloudFormation stacks: of a template, or with nothing but outputs, for deploys that find their host by stack-name.
import { readFileSync } from 'node:fs';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { clientSettings } from '../../../testbed/cloud/account.ts';
import { access } from './cloud.ts';

const cloudFormation = new CloudFormationClient(clientSettings(access));

/** Makes a stack with these outputs. */
export async function createStack(name: string, outputs: Record<string, string>): Promise<void> {
  const template = {
    // No stack is without a resource.
    Resources: {
      Marker: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Name: `/stacks/${name}`, Type: 'String', Value: name },
      },
    },
    Outputs: Object.fromEntries(Object.entries(outputs).map(([key, value]) => [key, { Value: value }])),
  };
  await cloudFormation.send(
    new CreateStackCommand({ StackName: name, TemplateBody: JSON.stringify(template) }),
  );
}

/**
 * Makes a stack of a template in infra-template/.
 * @returns its outputs
 */
export async function createStackOf(
  file: string,
  name: string,
  parameters: Record<string, string>,
): Promise<Record<string, string>> {
  await cloudFormation.send(
    new CreateStackCommand({
      StackName: name,
      TemplateBody: readFileSync(`infra-template/${file}`, 'utf8'),
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Capabilities: ['CAPABILITY_IAM'],
    }),
  );
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
  const outputs = Stacks?.[0]?.Outputs ?? [];
  return Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
}

export async function deleteStack(name: string): Promise<void> {
  await cloudFormation.send(new DeleteStackCommand({ StackName: name }));
}
