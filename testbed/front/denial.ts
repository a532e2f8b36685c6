import type { ApiCall } from './api-call.ts';
import { ApiError } from './api-error.ts';
import { stringAt, stringsAt } from './json.ts';
import { element, type Moto } from './moto.ts';

/** The error that AWS answers with when the caller's policies don't allow a call. */
export async function denialOf(
  call: ApiCall,
  moto: Moto,
  accountId: string,
  region: string,
): Promise<ApiError> {
  const caller = await callerArn(call, moto, accountId);
  if (call.service === 'ec2') {
    return new ApiError(
      'UnauthorizedOperation',
      `You are not authorized to perform this operation. User: ${caller} is not authorized to perform: ec2:${call.operation} because no identity-based policy allows the ec2:${call.operation} action.`,
      403,
    );
  }
  const action = `${call.service}:${call.operation}`;
  const message = `User: ${caller} is not authorized to perform: ${action} on resource: ${resourceArn(call, accountId, region)} because no identity-based policy allows the ${action} action`;
  return call.protocol === 'query'
    ? new ApiError('AccessDenied', message, 403)
    : new ApiError('AccessDeniedException', message, 400);
}

/** Who holds the access key, as moto knows it. */
async function callerArn(call: ApiCall, moto: Moto, accountId: string): Promise<string> {
  const xml = await moto.query('sts', { Action: 'GetCallerIdentity' }, call.accessKeyId || undefined);
  return element(xml, 'Arn') ?? `arn:aws:iam::${accountId}:root`;
}

function resourceArn(call: ApiCall, accountId: string, region: string): string {
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
