// The roles that infra-template/ makes, worked out for an app.
import { ResolvedTemplate, readTemplate, type Template, type Values } from './cloudformation.ts';

/** A policy document as IAM takes it. */
export interface Policy {
  Version: string;
  Statement: Record<string, unknown>[];
}

/** A role: who may take it, and what it may do. */
export interface Role {
  trust: Policy;
  /** Its inline policies put together. */
  policy: Policy;
}

/** Words in the place of everything that differs between accounts and apps. */
export const placeholders = {
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::Region': 'REGION',
  'AWS::AccountId': 'ACCOUNT',
  'AWS::StackName': 'STACK',
  'AWS::StackId': 'arn:aws:cloudformation:REGION:ACCOUNT:stack/STACK/ID',
  AppName: 'APP',
  GitHubOwner: 'OWNER',
  GitHubOwnerId: 'OWNER_ID',
  GitHubRepository: 'REPOSITORY',
  GitHubRepositoryId: 'REPOSITORY_ID',
  OidcProviderArn: 'arn:aws:iam::ACCOUNT:oidc-provider/token.actions.githubusercontent.com',
};

/**
 * Works out a role of a template.
 * @param file name in infra-template/, `github-oidc.yaml`
 * @param name of the resource, `DeployRole`
 * @param values in the place of the placeholders
 */
export function roleOf(file: string, name: string, { refs, attributes }: Values = {}): Role {
  const template = readTemplate(new URL(`../infra-template/${file}`, import.meta.url));
  const resolved = new ResolvedTemplate(template, {
    refs: { ...placeholders, ...refs },
    ...(attributes && { attributes }),
  });
  const role = resolved.properties(name) as unknown as RoleProperties;
  const documents = [...(role.Policies ?? []), ...attachedPolicies(template, resolved, name)];
  const statements = documents.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return { trust: role.AssumeRolePolicyDocument, policy: { Version: '2012-10-17', Statement: statements } };
}

interface PolicyProperties {
  PolicyDocument: Policy;
}

interface RoleProperties {
  AssumeRolePolicyDocument: Policy;
  Policies?: PolicyProperties[];
}

/** The policies that the template writes apart from the role, and attaches to it. */
function attachedPolicies(template: Template, resolved: ResolvedTemplate, role: string): PolicyProperties[] {
  return Object.entries(template.Resources)
    .filter(([name, { Type }]) => Type === 'AWS::IAM::Policy' && resolved.creates(name))
    .map(([name]) => resolved.properties(name) as unknown as PolicyProperties & { Roles: string[] })
    .filter(({ Roles }) => Roles.includes(role));
}
