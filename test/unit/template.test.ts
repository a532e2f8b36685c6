import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CollectionTag, isSeq, parse, type ScalarTag } from 'yaml';

const FOLDER = 'infra-template';

interface Parameter {
  Type: string;
  Description?: string;
  Default?: string | number;
  AllowedPattern?: string;
  AllowedValues?: string[];
  MinValue?: number;
  MaxValue?: number;
  ConstraintDescription?: string;
}

interface Resource {
  Type: string;
  DeletionPolicy?: string;
  DependsOn?: string | string[];
  Properties: Record<string, unknown>;
}

interface Template {
  Parameters: Record<string, Parameter>;
  Conditions: Record<string, unknown>;
  Resources: Record<string, Resource>;
  Outputs: Record<string, { Description?: string; Value: unknown }>;
}

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource?: unknown;
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** `!Name value` becomes `{ Name: value }`, CloudFormation's long form without its `Fn::`. */
function shortForms(name: string): [ScalarTag, CollectionTag] {
  return [
    { tag: `!${name}`, resolve: (text) => ({ [name]: text }) },
    {
      tag: `!${name}`,
      collection: 'seq',
      resolve: (items) => ({ [name]: isSeq(items) ? items.toJSON() : [] }),
    },
  ];
}

const customTags = ['Ref', 'Sub', 'GetAtt', 'If', 'Equals', 'Not', 'Select', 'Split', 'GetAZs'].flatMap(
  shortForms,
);

function readTemplate(file: string): Template {
  return parse(readFileSync(join(FOLDER, file), 'utf8'), { customTags });
}

function list<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}

/** Every object in the tree that has the given key, however deep. */
function objectsWith(key: string, tree: unknown): Record<string, unknown>[] {
  if (typeof tree !== 'object' || tree === null) return [];
  const below = Object.values(tree).flatMap((value) => objectsWith(key, value));
  return key in tree ? [tree as Record<string, unknown>, ...below] : below;
}

function statementsOf(template: Template): Statement[] {
  return objectsWith('Effect', template.Resources) as unknown as Statement[];
}

function actionsOnEverything(statements: Statement[]): string[] {
  return statements
    .filter((statement) => list(statement.Resource).includes('*'))
    .flatMap((statement) => list(statement.Action))
    .sort();
}

/** The calls for which AWS knows no narrower resource, or of which the agent's targets are not known beforehand. */
const AGENT_CALLS = /^(ec2messages|ssmmessages):[A-Za-z]+$/;
const CALLS_WITHOUT_RESOURCE = [
  'ec2:DescribeInstances',
  'ecr:GetAuthorizationToken',
  'ssm:CancelCommand',
  'ssm:DescribeAssociation',
  'ssm:DescribeDocument',
  'ssm:DescribeInstanceInformation',
  'ssm:GetCommandInvocation',
  'ssm:GetDeployablePatchSnapshotForInstance',
  'ssm:GetDocument',
  'ssm:GetManifest',
  'ssm:ListAssociations',
  'ssm:ListCommandInvocations',
  'ssm:ListInstanceAssociations',
  'ssm:PutComplianceItems',
  'ssm:PutConfigurePackageResult',
  'ssm:PutInventory',
  'ssm:UpdateAssociationStatus',
  'ssm:UpdateInstanceAssociationStatus',
  'ssm:UpdateInstanceInformation',
];

function needlesslyBroad(statements: Statement[]): string[] {
  return actionsOnEverything(statements).filter(
    (action) => !(AGENT_CALLS.test(action) || CALLS_WITHOUT_RESOURCE.includes(action)),
  );
}

const templates = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));

describe.each(templates)('every template: %s', (file) => {
  const template = readTemplate(file);
  const resources = Object.values(template.Resources);

  test('fits into the body of a request', () => {
    expect(readFileSync(join(FOLDER, file)).length).toBeLessThan(51_200);
  });

  test.each(Object.entries(template.Parameters))('explains and constrains %s', (_name, parameter) => {
    expect(parameter.Description?.length).toBeGreaterThan(20);
    expect(parameter.ConstraintDescription).toMatch(/^must /);
    const constraint = parameter.AllowedPattern ?? parameter.AllowedValues ?? parameter.MaxValue;
    expect(constraint).toBeDefined();
  });

  test.each(Object.entries(template.Parameters))('accepts its own default of %s', (_name, parameter) => {
    const value = parameter.Default;
    if (value === undefined) return;
    if (parameter.AllowedValues) expect(parameter.AllowedValues).toContain(value);
    if (parameter.AllowedPattern) expect(String(value)).toMatch(new RegExp(parameter.AllowedPattern));
    if (parameter.MaxValue !== undefined) expect(value).toBeLessThanOrEqual(parameter.MaxValue);
  });

  test.each(Object.entries(template.Outputs))('explains the output %s', (_name, output) => {
    expect(output.Description?.length).toBeGreaterThan(10);
  });

  test('names each parameter and output in the README', () => {
    const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8');
    const names = [...Object.keys(template.Parameters), ...Object.keys(template.Outputs)];
    expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });

  test('opens nothing to the internet but 80 and 443', () => {
    const rules = objectsWith('CidrIp', resources).concat(objectsWith('CidrIpv6', resources));
    const ports = rules.map((rule) => [rule['IpProtocol'], rule['FromPort'], rule['ToPort']].join(' '));
    expect(new Set(ports)).toEqual(new Set(['tcp 80 80', 'tcp 443 443']));
  });

  test('requires IMDSv2 with one hop on every instance', () => {
    const instances = resources.filter((resource) => resource.Type === 'AWS::EC2::Instance');
    for (const instance of instances) {
      expect(instance.Properties['MetadataOptions']).toEqual({
        HttpEndpoint: 'enabled',
        HttpTokens: 'required',
        HttpPutResponseHopLimit: 1,
      });
    }
  });

  test('encrypts every disk', () => {
    for (const disk of objectsWith('VolumeType', resources)) {
      expect(disk).toMatchObject({ VolumeType: 'gp3', Encrypted: true });
    }
  });

  test('grants no managed policy, no whole service, and everything only where AWS knows no narrower', () => {
    const statements = statementsOf(template);
    const actions = statements.flatMap((statement) => list(statement.Action));
    expect(objectsWith('ManagedPolicyArns', resources)).toEqual([]);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    expect(needlesslyBroad(statements)).toEqual([]);
  });

  test('is tied to no account, region or image', () => {
    const text = readFileSync(join(FOLDER, file), 'utf8').replace(/^ *Description: >-\n(?: {6,}.*\n)+/gm, '');
    const literals = text.match(
      /\b\d{12}\b|\bami-[0-9a-f]{8,}|\b(us|eu|ap|sa|ca|me|af)-[a-z]+-\d\b|arn:aws:/g,
    );
    expect(literals?.filter((literal) => literal !== 'ami-0123456789abcdef0') ?? []).toEqual([]);
  });
});

describe('single-instance.yaml', () => {
  const template = readTemplate('single-instance.yaml');

  function propertiesOf(name: string): Record<string, unknown> {
    const resource = template.Resources[name];
    if (resource === undefined) throw new Error(`the template has no resource ${name}`);
    return resource.Properties;
  }

  const functions: Record<string, (...operands: unknown[]) => unknown> = {
    Equals: (left, right) => left === right,
    Not: (condition) => !condition,
    Split: (separator, text) => String(text).split(String(separator)),
    Select: (index, items) => list(items)[Number(index)],
  };

  /** The value of an expression for the given parameters, as CloudFormation would work it out. */
  function evaluate(expression: unknown, parameters: Record<string, unknown>): unknown {
    if (Array.isArray(expression)) return expression.map((item) => evaluate(item, parameters));
    if (typeof expression !== 'object' || expression === null) return expression;
    const [name = '', operand] = Object.entries(expression)[0] ?? [];
    if (name === 'Ref') return parameters[String(operand)];
    if (name === 'If') return choose(list(operand), parameters);
    const apply = functions[name];
    if (apply === undefined) throw new Error(`no rule for the function ${name}`);
    return apply(...list(evaluate(operand, parameters)));
  }

  function choose([condition, then, otherwise]: unknown[], parameters: Record<string, unknown>): unknown {
    const holds = evaluate(template.Conditions[String(condition)], parameters);
    return evaluate(holds ? then : otherwise, parameters);
  }

  function imageFor(parameters: Record<string, string>): unknown {
    const defaults = Object.entries(template.Parameters).map(([name, { Default }]) => [name, Default]);
    return evaluate(propertiesOf('Host')['ImageId'], { ...Object.fromEntries(defaults), ...parameters });
  }

  test('makes the network that the documentation shows', () => {
    expect(propertiesOf('Vpc')['CidrBlock']).toBe('10.0.0.0/16');
    expect(propertiesOf('PublicSubnet')['CidrBlock']).toBe('10.0.1.0/24');
  });

  test('starts the host only when it can reach the internet', () => {
    const dependencies = template.Resources['Host']?.DependsOn;
    expect(dependencies).toEqual(['PublicRoute', 'PublicSubnetRouteTableAssociation']);
  });

  test('takes a t3.small by default, and an image of the architecture that each type has', () => {
    const types = template.Parameters['InstanceType'];
    expect(types?.Default).toBe('t3.small');
    for (const type of types?.AllowedValues ?? []) {
      const architecture = type.startsWith('t4g.') ? /-arm64$/ : /-x86_64$/;
      expect(imageFor({ InstanceType: type })).toMatch(architecture);
    }
  });

  test('keeps the image that it is told to keep, and warns of what happens otherwise', () => {
    expect(imageFor({ ImageId: 'ami-0123456789abcdef0' })).toBe('ami-0123456789abcdef0');
    expect(template.Parameters['ImageId']?.Description).toMatch(/replaces the instance/);
    expect(template.Outputs['ImageId']?.Value).toEqual(propertiesOf('Host')['ImageId']);
  });

  test.each(['shop', 'my-shop-2', 'a1'])('takes %s as a name', (name) => {
    expect(name).toMatch(new RegExp(template.Parameters['AppName']?.AllowedPattern ?? '$.'));
  });

  test.each(['Shop', '2shop', 'shop-', 'aws-shop', 'ssm', 'my_shop', 'my/shop', 'a'])(
    'refuses %s as a name',
    (name) => {
      expect(name).not.toMatch(new RegExp(template.Parameters['AppName']?.AllowedPattern ?? '^'));
    },
  );

  test('keeps the last ten images, scans each and encrypts them', () => {
    const repository = propertiesOf('Repository');
    expect(repository['ImageScanningConfiguration']).toEqual({ ScanOnPush: true });
    expect(repository['EncryptionConfiguration']).toEqual({ EncryptionType: 'AES256' });
    const policy = repository['LifecyclePolicy'] as { LifecyclePolicyText: string };
    expect(policy.LifecyclePolicyText.length).toBeGreaterThanOrEqual(100);
    expect(JSON.parse(policy.LifecyclePolicyText).rules).toEqual([
      expect.objectContaining({
        selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 },
        action: { type: 'expire' },
      }),
    ]);
  });

  test('keeps the images when the stack is deleted', () => {
    expect(template.Resources['Repository']?.DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  test('lets the host read what belongs to the app, and nothing of others', () => {
    const reads = statementsOf(template).filter((statement) =>
      ['ssm:GetParameter', 'secretsmanager:GetSecretValue'].includes(String(statement.Action)),
    );
    expect(reads.map((statement) => statement.Resource)).toEqual([
      // biome-ignore-start lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
      { Sub: 'arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/${AppName}/*' },
      { Sub: 'arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${AppName}/*' },
      // biome-ignore-end lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
    ]);
  });

  test('marks the host as this app’s', () => {
    expect(propertiesOf('Host')['Tags']).toContainEqual({ Key: 'ec2-deploy:app', Value: { Ref: 'AppName' } });
  });

  test('tells the action and its user everything they need', () => {
    expect(Object.keys(template.Outputs).sort()).toEqual([
      'AppName',
      'ImageId',
      'InstanceId',
      'PublicAddress',
      'RepositoryName',
      'RepositoryUri',
      'Url',
    ]);
  });

  describe('first boot', () => {
    const userData = propertiesOf('Host')['UserData'] as { 'Fn::Base64': string };
    let folder: string;

    /** Puts a command on the PATH that writes down its arguments and then does as told. */
    function command(name: string, body: string): void {
      const file = join(folder, name);
      writeFileSync(file, `#!/bin/bash\necho "${name} $*" >>"${folder}/calls"\n${body}\n`);
      chmodSync(file, 0o755);
    }

    function boot(): { status: number | null; calls: string[]; errors: string } {
      const { status, stderr } = spawnSync('bash', ['-c', userData['Fn::Base64']], {
        env: { PATH: `${folder}:/usr/bin:/bin` },
        encoding: 'utf8',
      });
      return {
        status,
        calls: readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n'),
        errors: stderr,
      };
    }

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'first-boot-'));
      command('sleep', 'exit 0');
      command('systemctl', 'exit 0');
    });

    afterEach(() => rmSync(folder, { recursive: true }));

    test('fits into user data', () => {
      expect(Buffer.byteLength(userData['Fn::Base64'])).toBeLessThan(16_384);
    });

    test('installs the engine and has it started with every boot', () => {
      command('dnf', 'exit 0');
      expect(boot()).toMatchObject({
        status: 0,
        calls: ['dnf install -y docker', 'systemctl enable --now docker'],
      });
    });

    test('waits until the agent’s update lets go of the package database', () => {
      command('dnf', `[[ $(grep -c ^dnf "${folder}/calls") -gt 3 ]]`);
      const { status, calls } = boot();
      expect(status).toBe(0);
      expect(calls.filter((call) => call.startsWith('dnf'))).toHaveLength(4);
      expect(calls.at(-1)).toBe('systemctl enable --now docker');
    });

    test('fails the boot, saying what it gave up, when the engine cannot be installed', () => {
      command('dnf', 'exit 1');
      const { status, calls, errors } = boot();
      expect(status).toBe(1);
      expect(errors).toContain('gave up: dnf install -y docker');
      expect(calls).not.toContain('systemctl enable --now docker');
    });
  });
});
