// The roles of the templates as statements, and the lists of docs/security.md that they are held to.
import { readFileSync } from 'node:fs';
import { roleOf } from '../../scripts/roles.ts';
import { PROJECT } from '../../testbed/runner/environment.ts';
import { grantsOf, type Statement } from './iam.ts';

/** Where a role is: the words in the place of an account's own values. */
export interface Place {
  AppName: string;
  'AWS::AccountId': string;
  'AWS::Region': string;
}

/** The place that docs/security.md writes. */
export const documented: Place = { AppName: 'APP', 'AWS::AccountId': 'ACCOUNT', 'AWS::Region': 'REGION' };

/** What the deploying workflow may do, with other parameters of the template if given. */
export function deployRole(place: Place, parameters: Record<string, string> = {}): Statement[] {
  const { policy } = roleOf('github-oidc.yaml', 'DeployRole', { refs: { ...place, ...parameters } });
  return policy.Statement as unknown as Statement[];
}

/** What the job that updates the app's stack may do. */
export function templateRole(place: Place): Statement[] {
  const refs = { ...place, TemplateEnvironment: 'infrastructure' };
  return roleOf('github-oidc.yaml', 'TemplateRole', { refs }).policy.Statement as unknown as Statement[];
}

/** What the host may do, with everything that the template offers. */
export function hostRole(place: Place, file = 'single-instance.yaml'): Statement[] {
  const repository = `arn:aws:ecr:${place['AWS::Region']}:${place['AWS::AccountId']}:repository/${place.AppName}`;
  const { policy } = roleOf(file, 'HostRole', {
    refs: { ...place, ...everything },
    attributes: { 'Repository.Arn': repository },
  });
  return policy.Statement as unknown as Statement[];
}

/** The parameters of the host's template that give its role more. */
const everything = {
  SecretArns: 'SECRET_ARN',
  EncryptionKey: 'true',
  ContainerLogs: 'cloudwatch',
  CloudWatchAgent: 'true',
};

/**
 * Every single thing that docs/security.md says of a role, in the form of `grantsOf`.
 * @throws Error when there is no such list
 */
export function documentedGrants(role: string): string[] {
  const text = readFileSync(`${PROJECT}/docs/security.md`, 'utf8');
  const [, table] = new RegExp(`<!-- grants:${role} -->\\n((?:\\|.*\\n)+)`).exec(text) ?? [];
  if (table === undefined) throw new Error(`docs/security.md has no list "grants:${role}"`);
  const rows = table.trim().split('\n').slice(2);
  return rows.flatMap(grantsOfRow).sort();
}

function grantsOfRow(row: string): string[] {
  const [actions = '', resources = '', conditions = ''] = row.split('|').slice(1).map(codes);
  return list(actions).flatMap((action) =>
    list(resources).map((resource) =>
      conditions.length === 0
        ? `${action} on ${resource}`
        : `${action} on ${resource} if ${list(conditions).join(' and ')}`,
    ),
  );
}

function codes(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

function list(value: string | string[]): string[] {
  return Array.isArray(value) ? value : [value];
}

export { grantsOf };
