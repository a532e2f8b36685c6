import type { ApiCall } from './api-call.ts';
import { ApiError } from './api-error.ts';
import type { Gate } from './gate.ts';
import { stringAt, stringsAt } from './json.ts';
import { element } from './moto.ts';

/** The error that AWS answers with when the caller's policies don't allow a call. */
export async function denialOf(call: ApiCall, gate: Gate): Promise<ApiError> {
  const caller = await callerArn(call, gate);
  if (call.service === 'ec2') {
    return new ApiError(
      'UnauthorizedOperation',
      `You are not authorized to perform this operation. User: ${caller} is not authorized to perform: ec2:${call.operation} because no identity-based policy allows the ec2:${call.operation} action.`,
      403,
    );
  }
  const action = `${call.service}:${call.operation}`;
  const message = `User: ${caller} is not authorized to perform: ${action} on resource: ${resourceArn(call, gate)} because no identity-based policy allows the ${action} action`;
  return call.protocol === 'query'
    ? new ApiError('AccessDenied', message, 403)
    : new ApiError('AccessDeniedException', message, 400);
}

/** Who holds the access key: a host's own role, or whoever moto gave it to. */
async function callerArn({ accessKeyId }: ApiCall, { moto, directory, accountId }: Gate): Promise<string> {
  const host = directory.list().find((one) => one.accessKeyId === accessKeyId);
  if (host !== undefined) {
    return `arn:aws:sts::${accountId}:assumed-role/host/${host.instanceId}`;
  }
  const xml = await moto.query('sts', { Action: 'GetCallerIdentity' }, accessKeyId || undefined);
  return element(xml, 'Arn') ?? `arn:aws:iam::${accountId}:root`;
}

function resourceArn(call: ApiCall, { accountId, region }: Gate): string {
  const [instanceId] = stringsAt(call.parameters, 'InstanceIds');
  if (call.operation === 'SendCommand' && instanceId !== undefined) {
    return `arn:aws:ec2:${region}:${accountId}:instance/${instanceId}`;
  }
  const repository = stringAt(call.parameters, 'repositoryName');
  if (call.service === 'ecr' && repository !== undefined) {
    return `arn:aws:ecr:${region}:${accountId}:repository/${repository}`;
  }
  const parameter = stringAt(call.parameters, 'Name');
  if (call.service === 'ssm' && parameter !== undefined && call.operation.includes('Parameter')) {
    return `arn:aws:ssm:${region}:${accountId}:parameter/${parameter.replace(/^\//, '')}`;
  }
  return call.service === 'ssm' ? `arn:aws:ssm:${region}:${accountId}:*` : '*';
}
