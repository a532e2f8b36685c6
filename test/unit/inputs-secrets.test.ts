import { describe, expect, it } from 'vitest';
import { readInputs, type SecretReference } from '../../src/inputs.ts';

const runner = { AWS_REGION: 'eu-central-1', GITHUB_REPOSITORY: 'org/my-app' };
const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:my-app/db-AbCdEf';

function read(secrets: string) {
  const given: Record<string, string> = { 'stack-name': 'my-app', secrets };
  return readInputs((name) => given[name] ?? '', runner).container.secrets;
}

const parameter = (name: string): SecretReference => ({ kind: 'parameter', name });
const secret = (parts: Partial<SecretReference>): SecretReference =>
  ({ kind: 'secret', arn, jsonKey: '', versionStage: '', versionId: '', ...parts }) as SecretReference;
const levels = (count: number) => '/a'.repeat(count);

describe('a reference', () => {
  const good: [text: string, reference: SecretReference][] = [
    [' /my-app/database_url.v1 ', parameter('/my-app/database_url.v1')],
    [levels(15), parameter(levels(15))],
    [`/${'x'.repeat(1010)}`, parameter(`/${'x'.repeat(1010)}`)],
    ['/my-app/aws', parameter('/my-app/aws')],
    ['/awsome/x', parameter('/awsome/x')],
    [arn, secret({})],
    [`${arn}:password::`, secret({ jsonKey: 'password' })],
    [`${arn}::AWSPREVIOUS:`, secret({ versionStage: 'AWSPREVIOUS' })],
    [
      `${arn}:a b::9d4cb84b-ad69-40c0-a0ab-cead3EXAMPLE`,
      secret({ jsonKey: 'a b', versionId: '9d4cb84b-ad69-40c0-a0ab-cead3EXAMPLE' }),
    ],
    [arn.replace('aws', 'aws-cn'), secret({ arn: arn.replace('aws', 'aws-cn') })],
    [arn.replace('aws', 'aws-us-gov'), secret({ arn: arn.replace('aws', 'aws-us-gov') })],
  ];
  it.each(good)('%j is read', (text, reference) => {
    expect(read(`# where they are\nA=${text}\n`)).toEqual([{ name: 'A', reference }]);
  });

  const shown = (text: string) => `the reference of A (${JSON.stringify(text)}) is neither`;
  const hidden = 'the reference of A (not shown, since it may be the secret itself) is neither';
  const bad: [text: string, finding: string][] = [
    ['/my-app/', shown('/my-app/')],
    ['/my-app//x', shown('/my-app//x')],
    ['/my app', shown('/my app')],
    ['/aws/x', shown('/aws/x')],
    ['/SSM/x', shown('/SSM/x')],
    ['awsParameter', hidden],
    ['database-url', hidden],
    [levels(16), shown(levels(16))],
    [`${arn}:password`, shown(`${arn}:password`)],
    [arn.replace(':123456789012', ':'), shown(arn.replace(':123456789012', ':'))],
    [
      'arn:aws:ssm:eu-central-1:123456789012:parameter/x',
      shown('arn:aws:ssm:eu-central-1:123456789012:parameter/x'),
    ],
    ['my-app/x', hidden],
    ['x'.repeat(1012), hidden],
    ['hunter2', hidden],
    ['hunter2!', hidden],
    ['postgres://user:password@host/db', hidden],
  ];
  it.each(bad)('%j is refused', (text, finding) => {
    expect(() => read(`A=${text}`)).toThrow(
      `There is a problem with the inputs:\n- secrets: ${finding} a parameter's name nor a secret's ARN. Allowed: one NAME=REFERENCE a line; `,
    );
  });

  it('must be there', () => {
    expect(() => read('A=')).toThrow(
      '- secrets: the reference of A is empty. Allowed: one NAME=REFERENCE a line; ',
    );
    expect(() => read('A')).toThrow(
      '- secrets: "A" on line 1 has no "=". Allowed: one NAME=REFERENCE a line; ',
    );
  });
});

it('every bad reference is named', () => {
  expect(() => read('A=/a b\nB=/b\nC=')).toThrow(/^There are 2 problems.*of A .*of C is empty/s);
});
