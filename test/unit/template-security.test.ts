// What an auditor would look for in the templates.
import { describe, expect, test } from 'vitest';
import { list, objectsWith, resourcesOf, templateFiles, templateOf, textOf } from './support/templates.ts';

interface Statement {
  Sid?: string;
  Effect: string;
  Action: string | string[];
  Resource?: unknown;
  Principal?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/** The actions for which AWS knows nothing narrower than every resource, and why a template has them. */
const withoutResource: Record<string, string> = {
  'ecr:GetAuthorizationToken': 'the registry’s password is for the whole account',
  'cloudwatch:PutMetricData': 'metrics have no ARN; a condition limits the namespace',
  'elasticloadbalancing:SetWebACL': 'a firewall names the load balancer after it has asked for the right',
  'ssm:CancelCommand': 'Run Command knows no resource for it',
  'ssm:DescribeInstanceInformation': 'Run Command knows no resource for it',
  'ssm:GetCommandInvocation': 'Run Command knows no resource for it',
  'ssm:ListCommandInvocations': 'Run Command knows no resource for it',
  'ssm:ListCommands': 'Run Command knows no resource for it',
};

/** Lists, which these services give of everything or nothing. */
const listing = /^(?:autoscaling|ec2|elasticloadbalancing|logs):Describe[A-Z][A-Za-z]+$/;

/** What the agent calls. Its documents, associations and patches are not known beforehand. */
const ofTheAgent =
  /^(?:ec2messages|ssmmessages):[A-Za-z]+$|^ssm:(?:DescribeAssociation|DescribeDocument|Get(?:DeployablePatchSnapshotForInstance|Document|Manifest)|List(?:Instance)?Associations|Put(?:ComplianceItems|ConfigurePackageResult|Inventory)|Update(?:AssociationStatus|Instance(?:AssociationStatus|Information)))$/;

/** What has a setting of its own for it; secrets, logs and parameters are always encrypted. */
const encrypted: Record<string, Record<string, unknown>> = {
  'AWS::RDS::DBInstance': { StorageEncrypted: true },
  'AWS::ElastiCache::ReplicationGroup': { AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true },
  'AWS::ECR::Repository': { EncryptionConfiguration: { EncryptionType: 'AES256' } },
  'AWS::KMS::Key': { EnableKeyRotation: true },
};

function statementsOf(file: string): Statement[] {
  return objectsWith('Effect', templateOf(file).Resources) as unknown as Statement[];
}

/** Those of roles: in a key's own policy `*` is the key. */
function roleStatementsOf(file: string): Statement[] {
  return statementsOf(file).filter(({ Principal }) => Principal === undefined);
}

describe.each(templateFiles)('%s', (file) => {
  const template = templateOf(file);
  const { Resources } = template;

  test('opens nothing to the internet but 80 and 443', () => {
    const open = [...objectsWith('CidrIp', Resources), ...objectsWith('CidrIpv6', Resources)]
      .filter(({ CidrIp, CidrIpv6 }) => CidrIp === '0.0.0.0/0' || CidrIpv6 === '::/0')
      .map(({ IpProtocol, FromPort, ToPort }) => `${IpProtocol} ${FromPort}-${ToPort}`);
    expect(open.filter((ports) => !['tcp 80-80', 'tcp 443-443'].includes(ports))).toEqual([]);
  });

  test('takes no addresses for another port that mean everybody', () => {
    for (const { CidrIp } of objectsWith('CidrIp', Resources)) {
      if (CidrIp === '0.0.0.0/0') continue;
      const { Ref = '' } = CidrIp as { Ref?: string };
      const pattern = new RegExp(template.Parameters[Ref]?.AllowedPattern ?? '^');
      for (const refused of ['0.0.0.0/0', '10.0.0.0/4', '::/0', '10.0.0.1'])
        expect(refused).not.toMatch(pattern);
      for (const taken of ['', '203.0.113.7/32', '10.0.0.0/8']) expect(taken).toMatch(pattern);
    }
  });

  test('grants no managed policy, no action by a wildcard, and nothing by exception', () => {
    expect(objectsWith('ManagedPolicyArns', Resources)).toEqual([]);
    const actions = roleStatementsOf(file).flatMap(({ Action }) => list(Action));
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    expect([...objectsWith('NotAction', Resources), ...objectsWith('NotResource', Resources)]).toEqual([]);
  });

  test('grants everything only where AWS knows nothing narrower', () => {
    const broad = roleStatementsOf(file)
      .filter(({ Effect, Resource }) => Effect === 'Allow' && list(Resource).includes('*'))
      .flatMap(({ Action }) => list(Action));
    const known = (action: string) =>
      action in withoutResource || listing.test(action) || ofTheAgent.test(action);
    expect(broad.filter((action) => !known(action))).toEqual([]);
  });

  test('lets a service that writes for others write for this account only', () => {
    const services = statementsOf(file).filter(({ Principal }) => {
      const { Service } = (Principal ?? {}) as { Service?: unknown };
      return typeof Service === 'string' && !Service.startsWith('cloudformation');
    });
    for (const statement of services) expect(Object.keys(statement.Condition ?? {})).not.toEqual([]);
  });

  test('requires IMDSv2 of every instance, over one hop unless told otherwise', () => {
    const instances = resourcesOf(template, 'AWS::EC2::Instance');
    for (const [name, properties] of instances) expect(properties, name).toHaveProperty('LaunchTemplate');
    for (const [, { LaunchTemplateData }] of resourcesOf(template, 'AWS::EC2::LaunchTemplate')) {
      expect(LaunchTemplateData).toMatchObject({
        MetadataOptions: {
          HttpEndpoint: 'enabled',
          HttpTokens: 'required',
          HttpPutResponseHopLimit: { Ref: 'MetadataHopLimit' },
        },
      });
      expect(template.Parameters['MetadataHopLimit']).toMatchObject({ Default: 1, MaxValue: 2 });
    }
  });

  test('encrypts every disk, database, cache and repository', () => {
    for (const disk of objectsWith('VolumeType', Resources))
      expect(disk).toMatchObject({ VolumeType: 'gp3', Encrypted: true });
    // A replica is encrypted as its source is.
    for (const [type, expected] of Object.entries(encrypted))
      for (const [name, properties] of resourcesOf(template, type))
        if (!('SourceDBInstanceIdentifier' in properties)) expect(properties, name).toMatchObject(expected);
  });

  test('keeps databases off the internet', () => {
    for (const [name, database] of resourcesOf(template, 'AWS::RDS::DBInstance'))
      expect(database, name).toHaveProperty('PubliclyAccessible', false);
  });

  test('encrypts what travels over the internet, where it has a certificate', () => {
    for (const { SslPolicy } of objectsWith('SslPolicy', Resources)) expect(SslPolicy).toMatch(/TLS13/);
    for (const { ViewerProtocolPolicy } of objectsWith('ViewerProtocolPolicy', Resources))
      expect(ViewerProtocolPolicy).toBe('redirect-to-https');
  });

  test('has no value of a secret in it', () => {
    const text = textOf(file);
    for (const { MasterUserPassword, AuthToken } of [
      ...objectsWith('MasterUserPassword', Resources),
      ...objectsWith('AuthToken', Resources),
    ])
      expect(JSON.stringify(MasterUserPassword ?? AuthToken)).toContain('{{resolve:secretsmanager:');
    expect(text).not.toMatch(/AKIA|BEGIN [A-Z ]*PRIVATE KEY/);
  });

  test('keeps or snapshots what cannot be made again', () => {
    const kept = {
      'AWS::ECR::Repository': 'RetainExceptOnCreate',
      'AWS::KMS::Key': 'RetainExceptOnCreate',
      'AWS::ElastiCache::ReplicationGroup': 'Snapshot',
    };
    for (const [name, resource] of Object.entries(Resources)) {
      const { Type, DeletionPolicy } = resource as typeof resource & { DeletionPolicy?: string };
      const expected = Object.entries(kept).find(([type]) => type === Type)?.[1];
      if (expected !== undefined) expect(DeletionPolicy, name).toBe(expected);
    }
  });
});

test('a host may read nothing of another app', () => {
  for (const file of ['single-instance.yaml', 'fleet.yaml']) {
    const reads = roleStatementsOf(file).filter(({ Action }) =>
      list(Action).some((action) => /^(?:ssm:GetParameters?|secretsmanager:GetSecretValue)$/.test(action)),
    );
    expect(reads.length).toBeGreaterThan(2);
    for (const { Sid, Resource } of reads)
      expect(JSON.stringify(Resource), Sid).toMatch(/\$\{AppName\}[/\\"]|"Ref":"SecretArns"/);
  }
});
