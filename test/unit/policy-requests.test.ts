// How a recorded call becomes the requests that IAM decides about.
import { expect, test } from 'vitest';
import type { RecordedCall } from '../../testbed/front/recorder.ts';
import { requestsOf } from '../support/requests.ts';

const place = { AppName: 'shop', 'AWS::AccountId': '111122223333', 'AWS::Region': 'eu-west-1' };
const tags = (id: string): Record<string, string> => (id.endsWith('1') ? { 'ec2-deploy:app': 'shop' } : {});

function call(action: string, parameters: RecordedCall['parameters']): RecordedCall {
  const [service = '', operation = ''] = action.split(':');
  return { time: '', service, operation, accessKeyId: '', parameters };
}

async function asked(action: string, parameters: RecordedCall['parameters']): Promise<unknown[]> {
  const requests = await requestsOf(call(action, parameters), place, tags);
  return requests.map(({ resource, context }) => (context === undefined ? resource : [resource, context]));
}

test('a command is one for the document and one for each instance, with its tags', async () => {
  const parameters = { DocumentName: 'AWS-RunShellScript', InstanceIds: ['i-1', 'i-2'] };

  expect(await asked('ssm:SendCommand', parameters)).toEqual([
    'arn:aws:ssm:eu-west-1::document/AWS-RunShellScript',
    ['arn:aws:ec2:eu-west-1:111122223333:instance/i-1', { 'ssm:resourceTag/ec2-deploy:app': 'shop' }],
    ['arn:aws:ec2:eu-west-1:111122223333:instance/i-2', {}],
  ]);
});

test("a document of one's own is the account's", async () => {
  const parameters = { DocumentName: 'shop-ec2-deploy', InstanceIds: ['i-2'] };

  expect(await asked('ssm:SendCommand', parameters)).toContain(
    'arn:aws:ssm:eu-west-1:111122223333:document/shop-ec2-deploy',
  );
});

test.each<[string, RecordedCall['parameters'], string[]]>([
  [
    'ssm:GetParameter',
    { Name: '/ec2-deploy/shop/lease:3' },
    ['ssm:eu-west-1:111122223333:parameter/ec2-deploy/shop/lease'],
  ],
  [
    'ssm:DeleteParameters',
    { Names: ['/a', '/b'] },
    ['ssm:eu-west-1:111122223333:parameter/a', 'ssm:eu-west-1:111122223333:parameter/b'],
  ],
  ['ecr:PutImage', { repositoryName: 'shop' }, ['ecr:eu-west-1:111122223333:repository/shop']],
  ['ecr:DescribeRepositories', { repositoryNames: ['shop'] }, ['ecr:eu-west-1:111122223333:repository/shop']],
  [
    'cloudformation:DescribeStacks',
    { StackName: 'shop' },
    ['cloudformation:eu-west-1:111122223333:stack/shop/id'],
  ],
])('%s is about what it names', async (action, parameters, resources) => {
  expect(await asked(action, parameters)).toEqual(resources.map((resource) => `arn:aws:${resource}`));
});

test('a call that knows no resource is about all', async () => {
  expect(await asked('ec2:DescribeInstances', { 'InstanceId.1': 'i-1' })).toEqual(['*']);
});

test('a call whose resources are unknown is an error', async () => {
  await expect(asked('s3:GetObject', {})).rejects.toThrow('no rule here for the resources of s3:GetObject');
  await expect(asked('ecr:PutImage', {})).rejects.toThrow('a call without repositoryName');
});
