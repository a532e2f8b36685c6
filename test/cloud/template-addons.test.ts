// database.yaml, cache.yaml and edge.yaml on the local cloud, read back through the AWS CLI.
//
// What moto keeps of them differs from AWS: it makes no secrets in stacks and resolves no references to them, and knows no
// ElastiCache and no CloudFront in templates. The list of that is in support/templates.ts; what the templates say of them
// is asserted in test/unit/template-security.test.ts.
import { beforeAll, expect, test } from 'vitest';
import { ResolvedTemplate, readTemplate } from '../../scripts/cloudformation.ts';
import { newAppName } from './support/app-state.ts';
import { borrowHost, deployedRelease } from './support/cloud.ts';
import { aws } from './support/front.ts';
import { environmentOf } from './support/inside.ts';
import { createSecret } from './support/secrets.ts';
import { createStackOf, updateStackOf } from './support/stacks.ts';
import { deleteStackOf, query, resourceId, skippedBy } from './support/templates.ts';

/** What the host's template would give to the add-ons. */
let host: { AppName: string; VpcId: string; HostSecurityGroupId: string };
const HostRoleName = 'addons-host';

beforeAll(async () => {
  const vpc = String(await query('Vpc.VpcId', 'ec2', 'create-vpc', '--cidr-block', '10.0.0.0/16'));
  const group = ['create-security-group', '--group-name', 'hosts', '--description', 'hosts', '--vpc-id', vpc];
  const HostSecurityGroupId = String(await query('GroupId', 'ec2', ...group));
  const trust = '{"Version": "2012-10-17", "Statement": []}';
  await aws('iam', 'create-role', '--role-name', HostRoleName, '--assume-role-policy-document', trust);
  host = { AppName: 'addons', VpcId: vpc, HostSecurityGroupId };
});

/** Who may use which port of the stack's security group. */
async function openings(stack: string): Promise<unknown> {
  const id = await resourceId(stack, 'SecurityGroup');
  const rules = 'SecurityGroups[0].IpPermissions[].[FromPort, UserIdGroupPairs[].GroupId, IpRanges]';
  return query(rules, 'ec2', 'describe-security-groups', '--group-ids', id);
}

async function database(stack: string): Promise<unknown> {
  const id = await resourceId(stack, 'Database');
  return query('DBInstances[0]', 'rds', 'describe-db-instances', '--db-instance-identifier', id);
}

test('a database is encrypted, off the internet and open to the hosts only', async () => {
  const parameters = { ...host, HostRoleName, DeletionProtection: 'false' };
  const outputs = await createStackOf('database.yaml', 'db', parameters);
  expect(await database('db')).toMatchObject({
    Engine: 'postgres',
    DBInstanceClass: 'db.t4g.micro',
    DBName: 'app',
    MasterUsername: 'app',
    StorageEncrypted: true,
    MultiAZ: false,
    PubliclyAccessible: false,
    BackupRetentionPeriod: 7,
  });
  expect(await openings('db')).toEqual([[5432, [host.HostSecurityGroupId], []]]);
  expect(outputs['DatabaseUrl']).toMatch(/^postgres:\/\/[^:@]+:5432\/app\?sslmode=verify-full$/);
  expect(outputs['DatabaseUrlReference']).toMatch(/:url::$/);
  expect(outputs['DatabaseUserReference']).toMatch(/:username::$/);
  expect(outputs['DatabasePasswordReference']).toMatch(/:password::$/);
  expect(await skippedBy('db')).toEqual({
    'AWS::SecretsManager::Secret': 2,
    'AWS::SecretsManager::SecretTargetAttachment': 1,
  });
  // moto forgets the instance of an updated stack, so that only the stack itself can be asked.
  await updateStackOf('database.yaml', 'db', { ...parameters, ReadReplica: 'true' });
  expect(await resourceId('db', 'Replica')).not.toBe('');
  await deleteStackOf('db');
});

test('a database with a standby, a replica and rotation lets the host read what RDS manages', async () => {
  const outputs = await createStackOf('database.yaml', 'dbwide', {
    ...host,
    HostRoleName,
    FirstSubnetCidr: '10.0.121.0/24',
    SecondSubnetCidr: '10.0.122.0/24',
    MultiAz: 'true',
    ReadReplica: 'true',
    RotationDays: '30',
    DeletionProtection: 'false',
    DatabaseName: 'orders',
  });
  expect(await database('dbwide')).toMatchObject({ MultiAZ: true, DBName: 'orders' });
  expect(outputs['ReplicaHost']).not.toBe('');
  expect(outputs).not.toHaveProperty('DatabaseUrlReference');
  const names = await query('PolicyNames', 'iam', 'list-role-policies', '--role-name', HostRoleName);
  expect(names).toContain('read-database-credentials-addons');
  expect(await skippedBy('dbwide')).toEqual({ 'AWS::SecretsManager::RotationSchedule': 1 });
  await deleteStackOf('dbwide');
});

// The secrets are made as the template says, since moto makes none in stacks.
test('the connection string that a database keeps arrives in the app through its reference', async () => {
  const app = newAppName('joined');
  const template = readTemplate('infra-template/database.yaml');
  const at = { 'Database.Endpoint.Address': 'db.example.internal', 'Database.Endpoint.Port': '5432' };
  const made = (refs: Record<string, string>) =>
    new ResolvedTemplate(template, { refs: { AppName: app, ...refs }, attributes: at });
  const { GenerateSecretString } = made({}).properties('Credentials') as {
    GenerateSecretString: { PasswordLength: number; ExcludePunctuation: boolean };
  };
  expect(GenerateSecretString.ExcludePunctuation).toBe(true);
  const random = ['--password-length', String(GenerateSecretString.PasswordLength), '--exclude-punctuation'];
  const password = await query('RandomPassword', 'secretsmanager', 'get-random-password', ...random);
  const { Name, SecretString } = made({ Credentials: 'CREDENTIALS' }).properties('Url');
  const kept = String(SecretString).replace(
    '{{resolve:secretsmanager:CREDENTIALS:SecretString:password}}',
    String(password),
  );
  const Url = await createSecret(kept, String(Name));
  const reference = String(made({ Url }).resolve(template.Outputs['DatabaseUrlReference']?.Value));
  const appHost = await borrowHost();

  const release = await deployedRelease(appHost, { 'app-name': app, secrets: `DATABASE_URL=${reference}` });

  const url = (await environmentOf(appHost, `${app}-${release}`)).get('DATABASE_URL') ?? '';
  expect(reference).toBe(`${Url}:url::`);
  expect(url).toBe(`postgres://app:${password}@db.example.internal:5432/app?sslmode=verify-full`);
  // A client reads from it what was put in.
  expect(new URL(url)).toMatchObject({ username: 'app', password, hostname: 'db.example.internal' });
  // The other tests here count on there being no secret of such a name.
  await aws('secretsmanager', 'delete-secret', '--secret-id', Url, '--force-delete-without-recovery');
  await appHost.giveBack();
});

test('a cache is open to the hosts only', async () => {
  const outputs = await createStackOf('cache.yaml', 'cache', { ...host, Replica: 'true', SnapshotDays: '1' });
  expect(await openings('cache')).toEqual([[6379, [host.HostSecurityGroupId], []]]);
  expect(outputs['CacheUrlReference']).toMatch(/:url::$/);
  expect(await skippedBy('cache')).toEqual({
    'AWS::ElastiCache::ReplicationGroup': 1,
    'AWS::ElastiCache::SubnetGroup': 1,
    'AWS::SecretsManager::Secret': 2,
  });
  await deleteStackOf('cache');
});

test('a host’s document is made with its association, changed and deleted', async () => {
  const made = await createStackOf('host-document.yaml', 'document', { AppName: 'addons' });
  const association = () =>
    query(
      'AssociationDescription.[Name, Targets[0], ScheduleExpression]',
      ...['ssm', 'describe-association', '--association-id', made['AssociationId'] ?? ''],
    );
  const target = { Key: 'tag:ec2-deploy:app', Values: ['addons'] };
  expect(await association()).toEqual(['addons-ec2-deploy', target, 'rate(30 minutes)']);
  const document = ['describe-document', '--name', made['DocumentName'] ?? ''];
  expect(await query('Document.[DocumentType, Status]', 'ssm', ...document)).toEqual(['Command', 'Active']);
  await updateStackOf('host-document.yaml', 'document', { AppName: 'addons', Schedule: 'rate(2 hours)' });
  const associations = [
    'ssm',
    'list-associations',
    '--query',
    `Associations[?Name=='${made['DocumentName']}'].ScheduleExpression`,
  ];
  expect(await aws(...associations)).toEqual(['rate(2 hours)']);
  await deleteStackOf('document');
  expect(await aws(...associations)).toEqual([]);
});

test('an edge takes the host’s name, with a firewall and without', async () => {
  const parameters = { AppName: 'addons', OriginDomain: 'ec2-203-0-113-7.eu-west-1.compute.amazonaws.com' };
  await createStackOf('edge.yaml', 'edge', { ...parameters, Firewall: 'true', CachedPath: '/static/*' });
  expect(await skippedBy('edge')).toEqual({ 'AWS::CloudFront::Distribution': 1, 'AWS::WAFv2::WebACL': 1 });
  await updateStackOf('edge.yaml', 'edge', { ...parameters, PriceClass: 'PriceClass_All' });
  await deleteStackOf('edge');
});
