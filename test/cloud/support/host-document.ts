// The SSM document and the association of infra-template/host-document.yaml. moto's CloudFormation knows no associations, and a document
// with content as YAML only in part, so the test takes both out of the template and makes them through the API.
import {
  CreateAssociationCommand,
  CreateDocumentCommand,
  DeleteAssociationCommand,
  DeleteDocumentCommand,
  DescribeAssociationExecutionsCommand,
  StartAssociationsOnceCommand,
  type Target,
} from '@aws-sdk/client-ssm';
import { ResolvedTemplate, readTemplate } from '../../../scripts/cloudformation.ts';
import { waitUntil } from '../../../testbed/cloud/wait.ts';
import { access } from './cloud.ts';
import { ssm } from './front.ts';

const template = readTemplate('infra-template/host-document.yaml');

export interface HostDocument {
  name: string;
  /** Runs the association on every host of the app, and waits until it has ended there. */
  converge(): Promise<void>;
  /** How the association's runs ended so far, newest first. */
  executions(): Promise<string[]>;
  remove(): Promise<void>;
}

/** @param change what to make of the document's content, to install another one */
export async function installHostDocument(
  app: string,
  change = (text: string) => text,
): Promise<HostDocument> {
  const resolved = new ResolvedTemplate(template, {
    refs: { AppName: app, 'AWS::Region': access.AWS_REGION },
  });
  const { Name: name, Content } = resolved.properties('Document');
  const Name = String(name);
  await ssm.send(
    new CreateDocumentCommand({ Name, DocumentType: 'Command', Content: change(JSON.stringify(Content)) }),
  );
  const {
    AssociationName: associationName,
    Targets,
    ScheduleExpression,
  } = resolved.properties('Association');
  const AssociationName = String(associationName);
  const { AssociationDescription } = await ssm.send(
    new CreateAssociationCommand({
      ...{ AssociationName, Name, Targets: Targets as Target[] },
      ScheduleExpression: String(ScheduleExpression),
    }),
  );
  const AssociationId = AssociationDescription?.AssociationId ?? '';
  const executions = async () => {
    const answer = await ssm.send(new DescribeAssociationExecutionsCommand({ AssociationId }));
    return (answer.AssociationExecutions ?? []).map(({ Status = '' }) => Status);
  };
  return {
    name: Name,
    executions,
    async converge() {
      const before = (await executions()).length;
      await ssm.send(new StartAssociationsOnceCommand({ AssociationIds: [AssociationId] }));
      await waitUntil(`${AssociationName} to have run`, 300, async () => {
        const now = await executions();
        const these = now.slice(0, now.length - before);
        return these.length > 0 && !these.includes('InProgress');
      });
    },
    async remove() {
      await ssm.send(new DeleteAssociationCommand({ AssociationId }));
      await ssm.send(new DeleteDocumentCommand({ Name }));
    },
  };
}
