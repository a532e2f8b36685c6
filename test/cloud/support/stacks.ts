// CloudFormation stacks that have nothing but outputs, for deploys that find their host by stack-name.
import { CloudFormationClient, CreateStackCommand, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
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

export async function deleteStack(name: string): Promise<void> {
  await cloudFormation.send(new DeleteStackCommand({ StackName: name }));
}
