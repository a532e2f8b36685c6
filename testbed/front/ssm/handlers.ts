import type { HostDirectory } from '../../hosts/directory.ts';
import type { Handler } from '../handler.ts';
import type { JsonObject } from '../json.ts';
import type { Moto } from '../moto.ts';
import type { Associations } from './associations.ts';
import { validateDocumentRequest } from './document-rules.ts';
import { describeInstanceInformation } from './instances.ts';
import { validatePutParameter } from './parameters.ts';
import type { RunCommand } from './run-command.ts';
import { describeRunShellScript, RUN_SHELL_SCRIPT, RUN_SHELL_SCRIPT_NAME } from './run-shell-script.ts';

/** The operations of SSM that moto doesn't do, or not well enough. */
export function ssmHandlers(
  runCommand: RunCommand,
  associations: Associations,
  directory: HostDirectory,
  moto: Moto,
  region: string,
): Record<string, Handler> {
  return {
    SendCommand: (request) => runCommand.send(request),
    ListCommands: (request) => runCommand.list(request),
    ListCommandInvocations: (request) => runCommand.listInvocations(request),
    GetCommandInvocation: (request) => runCommand.getInvocation(request),
    CancelCommand: (request) => runCommand.cancel(request),
    CreateAssociation: (request) => associations.create(request),
    DescribeAssociation: (request) => associations.describe(request),
    ListAssociations: (request) => associations.list(request),
    DeleteAssociation: (request) => associations.remove(request),
    StartAssociationsOnce: (request) => associations.startOnce(request),
    DescribeAssociationExecutions: (request) => associations.executions(request),
    DescribeAssociationExecutionTargets: (request) => associations.executionTargets(request),
    DescribeInstanceInformation: (request) => describeInstanceInformation(directory, moto, region, request),
    DescribeDocument: (request) => (isBuiltIn(request) ? describeRunShellScript() : undefined),
    GetDocument: (request) => (isBuiltIn(request) ? getRunShellScript() : undefined),
    CreateDocument: (request) => {
      validateDocumentRequest(request);
      return undefined;
    },
    UpdateDocument: (request) => {
      validateDocumentRequest(request);
      return undefined;
    },
    PutParameter: (request) => {
      validatePutParameter(request);
      return undefined;
    },
  };
}

function isBuiltIn(request: JsonObject): boolean {
  const name = request['Name'];
  return typeof name === 'string' && name.replace(/^arn:[^/]*:document\//, '') === RUN_SHELL_SCRIPT_NAME;
}

function getRunShellScript(): JsonObject {
  return {
    Name: RUN_SHELL_SCRIPT_NAME,
    DocumentVersion: '1',
    Status: 'Active',
    Content: JSON.stringify(RUN_SHELL_SCRIPT, null, 2),
    DocumentType: 'Command',
    DocumentFormat: 'JSON',
  };
}
