// What IAM keeps of the roles that stacks make.
import { docker } from '../../../testbed/cloud/docker.ts';
import { containerName, FRONT_PORT } from '../../../testbed/cloud/names.ts';
import { access, testCloud } from './cloud.ts';

/** The statements of one of a role's inline policies. */
export async function storedPolicy(role: string, policy: string): Promise<unknown> {
  const { PolicyDocument } = await iam('get-role-policy', `--role-name=${role}`, `--policy-name=${policy}`);
  // moto gives a policy that a stack made in Python's notation.
  return JSON.parse(String(PolicyDocument).replaceAll("'", '"')).Statement;
}

/** The statements of a role's trust policy. */
export async function storedTrust(role: string): Promise<unknown> {
  const { Role } = await iam('get-role', `--role-name=${role}`);
  return (Role as { AssumeRolePolicyDocument: { Statement: unknown } }).AssumeRolePolicyDocument.Statement;
}

async function iam(...command: string[]): Promise<Record<string, unknown>> {
  const credentials = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION'] as const;
  const environment = credentials.map((key) => `--env=${key}=${access[key]}`);
  const endpoint = `--endpoint-url=http://127.0.0.1:${FRONT_PORT}`;
  const answer = await docker(
    ...['exec', ...environment, containerName(testCloud, 'control')],
    ...['aws', endpoint, '--output=json', 'iam', ...command],
  );
  return JSON.parse(answer);
}
