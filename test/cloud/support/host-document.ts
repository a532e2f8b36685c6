// The SSM document and the association of infra-template/host-document.yaml.
import { DescribeAssociationExecutionsCommand, StartAssociationsOnceCommand } from '@aws-sdk/client-ssm';
import { waitUntil } from '../../../testbed/cloud/wait.ts';
import { ssm } from './front.ts';
import { createStackOf, deleteStack } from './stacks.ts';

export interface HostDocument {
  name: string;
  /** Runs the association on every host of the app, and waits until it has ended there. */
  converge(): Promise<void>;
  /** How the association's runs ended so far, newest first. */
  executions(): Promise<string[]>;
  remove(): Promise<void>;
}

/** @param change what to make of the template's text, to install another document */
export async function installHostDocument(
  app: string,
  change?: (text: string) => string,
): Promise<HostDocument> {
  const stack = `${app}-document`;
  const { DocumentName: name = '', AssociationId = '' } = await createStackOf(
    'host-document.yaml',
    stack,
    { AppName: app },
    change,
  );
  const executions = async () => {
    const answer = await ssm.send(new DescribeAssociationExecutionsCommand({ AssociationId }));
    return (answer.AssociationExecutions ?? []).map(({ Status = '' }) => Status);
  };
  return {
    name,
    executions,
    async converge() {
      const before = (await executions()).length;
      await ssm.send(new StartAssociationsOnceCommand({ AssociationIds: [AssociationId] }));
      await waitUntil(`the association of ${app} to have run`, 300, async () => {
        const now = await executions();
        const these = now.slice(0, now.length - before);
        return these.length > 0 && !these.includes('InProgress');
      });
    },
    remove: () => deleteStack(stack),
  };
}
