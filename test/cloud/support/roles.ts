// What IAM keeps of the roles that stacks make.
import { aws } from './front.ts';

/** The statements of one of a role's inline policies. */
export async function storedPolicy(role: string, policy: string): Promise<unknown> {
  const { PolicyDocument } = await aws(
    ...['iam', 'get-role-policy', `--role-name=${role}`, `--policy-name=${policy}`],
  );
  // moto gives a policy that a stack made in Python's notation.
  return JSON.parse(String(PolicyDocument).replaceAll("'", '"')).Statement;
}

/** The statements of a role's trust policy. */
export async function storedTrust(role: string): Promise<unknown> {
  const { Role } = await aws('iam', 'get-role', `--role-name=${role}`);
  return (Role as { AssumeRolePolicyDocument: { Statement: unknown } }).AssumeRolePolicyDocument.Statement;
}
