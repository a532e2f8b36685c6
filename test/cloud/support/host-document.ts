// The SSM document and the association of infra-template/host-document.yaml. moto's CloudFormation knows no associations, and a document
// with content as YAML only in part, so the test takes both out of the template and makes them through the API.
import { readFileSync } from 'node:fs';
import {
  CreateAssociationCommand,
  CreateDocumentCommand,
  DeleteAssociationCommand,
  DeleteDocumentCommand,
  DescribeAssociationExecutionsCommand,
  StartAssociationsOnceCommand,
} from '@aws-sdk/client-ssm';
import { parse } from 'yaml';
import { waitUntil } from '../../../testbed/cloud/wait.ts';
import { access } from './cloud.ts';
import { ssm } from './front.ts';

const file = 'infra-template/host-document.yaml';

interface Template {
  Parameters: { Schedule: { Default: string } };
  Resources: {
    Document: { Properties: { Name: string; Content: object } };
    Association: {
      Properties: {
        AssociationName: string;
        Targets: { Key: string; Values: string[] }[];
        ScheduleExpression: string;
      };
    };
  };
}

export interface HostDocument {
  name: string;
  /** Runs the association on every host of the app, and waits until it has ended there. */
  converge(): Promise<void>;
  /** How the association's runs ended so far, newest first. */
  executions(): Promise<string[]>;
  remove(): Promise<void>;
}

/** @param change what to make of the template's text, to install another one */
export async function installHostDocument(
  app: string,
  change = (text: string) => text,
): Promise<HostDocument> {
  const { Document, Association } = resolveTemplate(change(readFileSync(file, 'utf8')), app).Resources;
  const name = Document.Properties.Name;
  await ssm.send(
    new CreateDocumentCommand({
      ...{ Name: name, DocumentType: 'Command', DocumentFormat: 'JSON' },
      Content: JSON.stringify(Document.Properties.Content),
    }),
  );
  const { AssociationName, Targets, ScheduleExpression } = Association.Properties;
  const { AssociationDescription } = await ssm.send(
    new CreateAssociationCommand({ AssociationName, Name: name, Targets, ScheduleExpression }),
  );
  const AssociationId = AssociationDescription?.AssociationId ?? '';
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
      await waitUntil(`${AssociationName} to have run`, 120, async () => {
        const now = await executions();
        const these = now.slice(0, now.length - before);
        return these.length > 0 && !these.includes('InProgress');
      });
    },
    async remove() {
      await ssm.send(new DeleteAssociationCommand({ AssociationId }));
      await ssm.send(new DeleteDocumentCommand({ Name: name }));
    },
  };
}

/** The template as CloudFormation resolves it for an app. */
function resolveTemplate(text: string, app: string): Template {
  const values: Record<string, string> = {
    AppName: app,
    Schedule: (parse(text, { logLevel: 'silent' }) as Template).Parameters.Schedule.Default,
    'AWS::Region': access.AWS_REGION,
  };
  const resolve = (name: string) => values[name] ?? `the ${name}`;
  return parse(text, {
    customTags: [
      { tag: '!Ref', resolve },
      {
        tag: '!Sub',
        resolve: (given: string) => given.replace(/\$\{([^}]+)\}/g, (_, name) => resolve(name)),
      },
      { tag: '!GetAtt', resolve },
    ],
  }) as Template;
}
