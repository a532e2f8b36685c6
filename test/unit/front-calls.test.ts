import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { type ApiCall, identifyCall } from '../../testbed/front/api-call.ts';
import { encodeStringMap } from '../../testbed/front/cbor.ts';
import { isImmutableTag } from '../../testbed/front/ecr/repositories.ts';
import { createTokenStore } from '../../testbed/front/ecr/tokens.ts';
import { createFaultBook, parseCallFault } from '../../testbed/front/faults.ts';
import { page } from '../../testbed/front/paging.ts';
import { createRecorder } from '../../testbed/front/recorder.ts';

function identify(headers: Record<string, string>, body = '', url = '/', method = 'POST'): ApiCall {
  const request = new IncomingMessage(new Socket());
  Object.assign(request, { headers, url, method });
  return identifyCall(request, Buffer.from(body));
}

function signedFor(service: string): Record<string, string> {
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=AKIAX/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
  };
}

const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };

test.each<[string, ApiCall, Partial<ApiCall>]>([
  [
    'JSON, by its target',
    identify({ ...signedFor('ssm'), 'x-amz-target': 'AmazonSSM.SendCommand' }, '{"Comment":"x"}'),
    {
      service: 'ssm',
      operation: 'SendCommand',
      protocol: 'json',
      accessKeyId: 'AKIAX',
      parameters: { Comment: 'x' },
    },
  ],
  [
    'JSON of a service whose target has another name',
    identify({ ...signedFor('secretsmanager'), 'x-amz-target': 'secretsmanager.GetSecretValue' }, ''),
    { service: 'secretsmanager', operation: 'GetSecretValue', parameters: {} },
  ],
  [
    'EC2, by action and scope',
    identify(
      { ...signedFor('ec2'), ...form },
      'Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-1',
    ),
    {
      service: 'ec2',
      operation: 'DescribeInstances',
      protocol: 'ec2',
      parameters: { 'InstanceId.1': 'i-1' },
    },
  ],
  [
    'CloudFormation',
    identify({ ...signedFor('cloudformation'), ...form }, 'Action=DescribeStacks&Version=2010-05-15'),
    { service: 'cloudformation', operation: 'DescribeStacks', protocol: 'query' },
  ],
  [
    'the call that nobody signs',
    identify(form, 'Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=r'),
    { service: 'sts', operation: 'AssumeRoleWithWebIdentity', accessKeyId: '' },
  ],
  [
    'CloudWatch, by CBOR',
    identify(signedFor('monitoring'), '', '/service/GraniteServiceVersion20100801/operation/PutMetricData'),
    { service: 'cloudwatch', operation: 'PutMetricData', protocol: 'cbor' },
  ],
  [
    'S3',
    identify(signedFor('s3'), '', '/bucket/key?x=1', 'PUT'),
    { service: 's3', operation: 'PUT /bucket/key', protocol: 'rest-xml' },
  ],
])('a call is told from its request: %s', (_what, call, expected) => {
  expect(call).toMatchObject(expected);
});

test('a fault hits its operation as often as it says, a star every operation', () => {
  const faults = createFaultBook();
  faults.add(parseCallFault({ service: 'SSM', operation: 'GetParameter', error: 'X', times: 1 }));
  faults.add(parseCallFault({ service: 'ecr', operation: '*', delayMs: 5 }));
  const call = (service: string, operation: string): ApiCall => ({
    ...identify({}),
    service,
    operation,
  });

  expect(faults.take(call('ssm', 'SendCommand'))).toBeUndefined();
  expect(faults.take(call('ssm', 'GetParameter'))).toMatchObject({ error: 'X' });
  expect(faults.take(call('ssm', 'GetParameter'))).toBeUndefined();
  expect(faults.take(call('ecr', 'DescribeImages'))).toMatchObject({ delayMs: 5 });
});

test('the recorder keeps no secret value', () => {
  const recorder = createRecorder();
  const record = (operation: string, parameters: ApiCall['parameters']): void =>
    recorder.record({ ...identify({}), operation, parameters });
  record('PutParameter', { Name: '/a', Type: 'SecureString', Value: 'marker', Description: 'marker' });
  record('UpdateSecret', { SecretId: 's', SecretString: 'marker', SecretBinary: 'marker' });
  record('AssumeRoleWithWebIdentity', { RoleArn: 'r', WebIdentityToken: 'marker' });

  expect(JSON.stringify(recorder.list())).not.toContain('marker');
  expect(recorder.list()).toMatchObject([
    { parameters: { Name: '/a' } },
    { parameters: { SecretId: 's' } },
    {},
  ]);
});

test('tokens are checked by who got them, and expire together', () => {
  const tokens = createTokenStore();
  const { password } = tokens.issue('AKIAX');
  expect(tokens.check(password)).toEqual({ state: 'valid', accessKeyId: 'AKIAX' });
  expect(tokens.check('guess')).toEqual({ state: 'unknown' });

  tokens.expireAll();

  expect(tokens.check(password)).toEqual({ state: 'expired' });
  expect(tokens.check(tokens.issue('AKIAX').password).state).toBe('valid');
});

test.each([
  ['MUTABLE', 'v1', false],
  ['IMMUTABLE', 'v1', true],
  ['IMMUTABLE_WITH_EXCLUSION', 'v1', true],
  ['IMMUTABLE_WITH_EXCLUSION', 'buildcache-x', false],
  ['IMMUTABLE_WITH_EXCLUSION', 'my.buildcache', true],
  ['MUTABLE_WITH_EXCLUSION', 'buildcache', true],
  ['MUTABLE_WITH_EXCLUSION', 'v1', false],
])('in a repository that is %s, tag %s is fixed: %s', (imageTagMutability, tag, fixed) => {
  const imageTagMutabilityExclusionFilters = [{ filterType: 'WILDCARD', filter: 'buildcache*' }];

  expect(isImmutableTag({ imageTagMutability, imageTagMutabilityExclusionFilters }, tag)).toBe(fixed);
});

test('a list is cut into pages until nothing is left', () => {
  const items = [1, 2, 3, 4, 5];
  const first = page(items, { MaxResults: 2 }, 50);
  const second = page(items, { MaxResults: 2, ...first.token }, 50);
  const last = page(items, { MaxResults: 2, ...second.token }, 50);

  expect([first.items, second.items, last.items]).toEqual([[1, 2], [3, 4], [5]]);
  expect(last.token).toEqual({});
  expect(page(items, { MaxResults: 5 }, 50).token).toEqual({});
  expect(() => page(items, { NextToken: 'guess' }, 50)).toThrow(
    expect.objectContaining({ code: 'InvalidNextToken' }),
  );
});

test('a map of strings is written in CBOR, whatever the length of the text', () => {
  expect(encodeStringMap({ a: 'b' }).toString('hex')).toBe('a161616162');
  expect(
    encodeStringMap({ a: 'x'.repeat(30) })
      .subarray(0, 5)
      .toString('hex'),
  ).toBe('a16161781e');
  expect(
    encodeStringMap({ a: 'x'.repeat(300) })
      .subarray(0, 6)
      .toString('hex'),
  ).toBe('a1616179012c');
});
