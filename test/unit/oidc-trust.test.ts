// Whose workflows may take the roles of github-oidc.yaml, by the claims that GitHub's token has.
import { describe, expect, test } from 'vitest';
import { ResolvedTemplate, readTemplate } from '../../scripts/cloudformation.ts';
import { placeholders, type Role, roleOf } from '../../scripts/roles.ts';
import { isAllowed, type Statement } from '../support/iam.ts';

const TEMPLATE = 'github-oidc.yaml';
const template = readTemplate(`infra-template/${TEMPLATE}`);

const shop = {
  GitHubOwner: 'org',
  GitHubOwnerId: '11',
  GitHubRepository: 'shop',
  GitHubRepositoryId: '22',
};

/** The claims of a token; one that is undefined is missing. */
type Claims = Record<string, string | undefined>;

/** The token of a job of org/shop on the branch main, in the form that repositories have since July 2026. */
const newRepository: Claims = {
  aud: 'sts.amazonaws.com',
  sub: 'repo:org@11/shop@22:ref:refs/heads/main',
  repository_id: '22',
  ref: 'refs/heads/main',
};
/** The same in the form of older repositories. */
const oldRepository: Claims = { ...newRepository, sub: 'repo:org/shop:ref:refs/heads/main' };

function trusts({ trust }: Role, claims: Claims): boolean {
  const present = Object.entries(claims).flatMap(([claim, value]) =>
    value === undefined ? [] : [[`token.actions.githubusercontent.com:${claim}`, value]],
  );
  return isAllowed(trust.Statement as unknown as Statement[], {
    action: 'sts:AssumeRoleWithWebIdentity',
    resource: 'arn:aws:iam::123456789012:role/ec2-deploy/deploy',
    context: Object.fromEntries(present),
  });
}

function roleFor(name: string, parameters: Record<string, string>): Role {
  return roleOf(TEMPLATE, name, { refs: { ...shop, ...parameters } });
}

describe('a role for the branch main', () => {
  const role = roleFor('DeployRole', {});

  test.each([
    ['a new repository', newRepository],
    ['an old repository', oldRepository],
  ])('trusts the job of %s', (_, claims) => {
    expect(trusts(role, claims)).toBe(true);
  });

  test.each<[string, Claims]>([
    [
      'a repository whose name begins alike',
      { sub: 'repo:org/shop-evil:ref:refs/heads/main', repository_id: '33' },
    ],
    [
      'the same in the new form',
      { sub: 'repo:org@11/shop-evil@33:ref:refs/heads/main', repository_id: '33' },
    ],
    [
      'an owner whose name ends alike',
      { sub: 'repo:evil-org/shop:ref:refs/heads/main', repository_id: '33' },
    ],
    [
      'an owner that took over the name',
      { sub: 'repo:org@44/shop@33:ref:refs/heads/main', repository_id: '33' },
    ],
    ['the same with the old form', { sub: 'repo:org/shop:ref:refs/heads/main', repository_id: '33' }],
    ['a number that begins alike', { sub: 'repo:org@11/shop@222:ref:refs/heads/main', repository_id: '222' }],
    ['the repository under another owner', { sub: 'repo:evil@33/shop@22:ref:refs/heads/main' }],
    ['the name in other capitals', { sub: 'repo:Org/Shop:ref:refs/heads/main' }],
    ['another branch', { sub: 'repo:org@11/shop@22:ref:refs/heads/next', ref: 'refs/heads/next' }],
    [
      'a branch whose name begins alike',
      { sub: 'repo:org/shop:ref:refs/heads/main-evil', ref: 'refs/heads/main-evil' },
    ],
    ['a tag of the same name', { sub: 'repo:org/shop:ref:refs/tags/main', ref: 'refs/tags/main' }],
    ['a pull request', { sub: 'repo:org@11/shop@22:pull_request', ref: 'refs/pull/7/merge' }],
    ['a pull request in the old form', { sub: 'repo:org/shop:pull_request', ref: 'refs/pull/7/merge' }],
    ['a job with an environment', { sub: 'repo:org@11/shop@22:environment:production' }],
    ['another audience', { aud: 'https://github.com/org' }],
    ['a pattern for a subject', { sub: 'repo:org/shop:*' }],
  ])('does not trust %s', (_, different) => {
    expect(trusts(role, { ...newRepository, ...different })).toBe(false);
  });

  test.each(Object.keys(newRepository))('does not trust a token without %s', (claim) => {
    expect(trusts(role, { ...newRepository, [claim]: undefined })).toBe(false);
  });
});

describe('a role for the environment production', () => {
  const production: Claims = { ...newRepository, sub: 'repo:org@11/shop@22:environment:production' };
  const oldProduction: Claims = { ...newRepository, sub: 'repo:org/shop:environment:production' };
  const fromMain = roleFor('DeployRole', { Environment: 'production' });
  const fromAnyRef = roleFor('DeployRole', { Environment: 'production', Branch: '' });

  test.each([
    ['a new repository', production],
    ['an old repository', oldProduction],
  ])('trusts the job of %s', (_, claims) => {
    expect(trusts(fromMain, claims)).toBe(true);
    expect(trusts(fromAnyRef, claims)).toBe(true);
  });

  test.each<[string, Claims]>([
    ['a job without an environment', { sub: 'repo:org@11/shop@22:ref:refs/heads/main' }],
    ['another environment', { sub: 'repo:org@11/shop@22:environment:staging' }],
    ['an environment whose name begins alike', { sub: 'repo:org/shop:environment:production-2' }],
    ['another repository', { sub: 'repo:org/shop-evil:environment:production', repository_id: '33' }],
    [
      'a branch that is named like an environment',
      { sub: 'repo:org/shop:ref:refs/heads/environment:production' },
    ],
    ['a token without the number of its repository', { repository_id: undefined }],
  ])('does not trust %s', (_, different) => {
    expect(trusts(fromMain, { ...production, ...different })).toBe(false);
    expect(trusts(fromAnyRef, { ...production, ...different })).toBe(false);
  });

  test('asks for the branch too, unless that is left to the environment', () => {
    const fromElsewhere = { ...production, ref: 'refs/heads/next' };

    expect(trusts(fromMain, fromElsewhere)).toBe(false);
    expect(trusts(fromAnyRef, fromElsewhere)).toBe(true);
  });
});

describe("the role for the app's stack", () => {
  const role = roleFor('TemplateRole', { Environment: 'production', TemplateEnvironment: 'infrastructure' });
  const infrastructure: Claims = { ...newRepository, sub: 'repo:org@11/shop@22:environment:infrastructure' };

  test.each([
    ['a new repository', infrastructure],
    ['an old repository', { ...infrastructure, sub: 'repo:org/shop:environment:infrastructure' }],
  ])('trusts the job of %s', (_, claims) => {
    expect(trusts(role, claims)).toBe(true);
  });

  test.each<[string, Claims]>([
    ['the deploying job', { sub: 'repo:org@11/shop@22:environment:production' }],
    ['a job without an environment', { sub: 'repo:org@11/shop@22:ref:refs/heads/main' }],
    ['another branch', { ref: 'refs/heads/next' }],
    ['another repository', { sub: 'repo:org/shop-evil:environment:infrastructure', repository_id: '33' }],
    ['another audience', { aud: 'https://github.com/org' }],
  ])('does not trust %s', (_, different) => {
    expect(trusts(role, { ...infrastructure, ...different })).toBe(false);
  });

  test('is made on request only', () => {
    const made = (parameters: Record<string, string>) =>
      new ResolvedTemplate(template, { refs: { ...placeholders, ...shop, ...parameters } }).creates(
        'TemplateRole',
      );

    expect(made({})).toBe(false);
    expect(made({ TemplateEnvironment: 'infrastructure' })).toBe(true);
  });
});

describe('the identity provider', () => {
  const existing = placeholders.OidcProviderArn;

  function resolved(OidcProviderArn: string): ResolvedTemplate {
    const refs = { ...placeholders, ...shop, OidcProviderArn, Provider: 'the new one' };
    return new ResolvedTemplate(template, { refs });
  }

  function federated(OidcProviderArn: string): unknown {
    const { AssumeRolePolicyDocument } = resolved(OidcProviderArn).properties('DeployRole');
    return (AssumeRolePolicyDocument as Role['trust']).Statement[0]?.['Principal'];
  }

  test('is made, for the audience that the roles ask for', () => {
    expect(resolved('').creates('Provider')).toBe(true);
    expect(resolved('').properties('Provider')).toEqual({
      Url: 'https://token.actions.githubusercontent.com',
      ClientIdList: ['sts.amazonaws.com'],
    });
    expect(federated('')).toEqual({ Federated: 'the new one' });
  });

  test('is the one that the account has, when it is named', () => {
    expect(resolved(existing).creates('Provider')).toBe(false);
    expect(federated(existing)).toEqual({ Federated: existing });
  });
});

describe('parameters', () => {
  function refusals(parameters: Record<string, string>): string[] {
    return new ResolvedTemplate(template, { refs: { ...placeholders, ...shop, ...parameters } }).refusals();
  }

  test('that trust every job of the repository are refused', () => {
    expect(refusals({ Branch: '', Environment: '' })).toEqual([
      expect.stringContaining('Branch and Environment must not both be empty'),
    ]);
    expect(refusals({ Branch: '', Environment: 'production' })).toEqual([]);
    expect(refusals({})).toEqual([]);
  });

  test('that let every deploy change the stack are refused', () => {
    expect(refusals({ Environment: 'production', TemplateEnvironment: 'production' })).toEqual([
      expect.stringContaining('TemplateEnvironment must be another one than Environment'),
    ]);
    expect(refusals({ Environment: 'production', TemplateEnvironment: 'infrastructure' })).toEqual([]);
  });

  test.each([
    ['GitHubOwner', ['org', 'My-Org', 'short_code'], ['org/shop', 'org*', '', '-org']],
    ['GitHubRepository', ['shop', 'Shop.js', 'a_b-c'], ['org/shop', 'shop*', 'shop:ref', 'shop?', '']],
    ['GitHubRepositoryId', ['22'], ['', '0', '22a', '*']],
    ['Branch', ['main', 'release/1.x', ''], ['refs/*', 'release/*', 'main:x', '/main', 'a//b', 'ma?n']],
    ['Environment', ['production', 'eu-1', ''], ['*', 'a b', 'production:ref', 'prod*']],
    [
      'SsmDocument',
      ['AWS-RunShellScript', 'shop-ec2-deploy'],
      ['*', 'AWS-RunPowerShellScript', 'a/b', '', 'shop-*'],
    ],
    [
      'OidcProviderArn',
      ['', 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com'],
      [
        'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com.evil',
        'arn:aws:iam::123456789012:oidc-provider/*',
      ],
    ],
    ['RepositoryName', ['', 'shop', 'team/shop'], ['shop*', 'Shop', 'shop/', '123.dkr.ecr/shop:1']],
    ['StackName', ['', 'shop', 'Shop-2'], ['shop*', 'shop/x', '2shop']],
  ])('%s is one name, never a pattern of names', (name, good, bad) => {
    const { AllowedPattern = '' } = template.Parameters[name] ?? {};
    const accepts = (value: string) => new RegExp(AllowedPattern).test(value);

    expect(AllowedPattern).toMatch(/^\^.+\$$/);
    expect(good.filter((value) => !accepts(value))).toEqual([]);
    expect(bad.filter(accepts)).toEqual([]);
  });
});
