// The host program as an SSM document: the only thing that the deploy role may run, and what keeps hosts on the live release.
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bootScript } from '../../scripts/boot-script.ts';
import { readTemplate } from '../../scripts/cloudformation.ts';
import { waitUntil } from '../../testbed/cloud/wait.ts';
import { annotations, containersOf, ledgerOf, newAppName } from './support/app-state.ts';
import { callsOf, newCaller } from './support/callers.ts';
import {
  access,
  ask,
  type BorrowedHost,
  borrowHost,
  deploy,
  repository,
  servedVersion,
  startHost,
  type TestHost,
} from './support/cloud.ts';
import { ssm } from './support/front.ts';
import { type HostDocument, installHostDocument } from './support/host-document.ts';

const app = newAppName('kept');
const hostTemplate = readTemplate('infra-template/fleet.yaml');
const place = { AppName: app, 'AWS::Region': access.AWS_REGION };
let document: HostDocument;
let host: BorrowedHost;
let release: string;
let image: Record<string, string>;

beforeAll(async () => {
  [document, host] = await Promise.all([installHostDocument(app), borrowHost(app)]);
});

afterAll(async () => {
  await Promise.all([document.remove(), host.giveBack()]);
});

async function answers(of: TestHost): Promise<boolean> {
  return ask(of).then(
    ({ status }) => status === 200,
    () => false,
  );
}

async function servedRelease(of: TestHost): Promise<string> {
  return JSON.parse((await ask(of)).body).release;
}

describe('a deploy through the document', () => {
  test('runs nothing else', async () => {
    const caller = newCaller();

    const { outputs } = await deploy(
      host,
      { 'app-name': app, 'ssm-document': document.name, version: '1' },
      { environment: caller },
    );

    expect(outputs).toMatchObject({ verdict: 'deployed' });
    expect(await servedVersion(host)).toBe('1');
    const sent = (await callsOf(caller)).filter(({ operation }) => operation === 'SendCommand');
    expect(sent.map(({ parameters }) => parameters['DocumentName'])).toEqual([document.name, document.name]);
    release = outputs['release'] ?? '';
    image = { image: `${repository}@${outputs['image-digest']}` };
  });

  test('of another version says what to do', async () => {
    const other = newAppName('older');
    const older = await installHostDocument(other, (text) =>
      text.replace(/EC2_DEPLOY_PROGRAM=\w+/, 'EC2_DEPLOY_PROGRAM=0123456789ab'),
    );

    const result = await deploy(host, {
      'app-name': other,
      ...image,
      'ssm-document': older.name,
      'host-port': '81',
    });

    expect(result.outputs['verdict']).toBe('failed');
    expect(annotations(result, 'error')).toContain(
      `The SSM document ${older.name} holds the host program of another version of this action. Deploy infra-template/host-document.yaml of the version that the workflow uses.`,
    );
    await older.remove();
  });

  test('that does not exist says what to do', async () => {
    const result = await deploy(host, { 'app-name': app, ...image, 'ssm-document': 'no-such-document' });

    expect(result.outputs['verdict']).toBe('failed');
    expect(annotations(result, 'error')).toContain(
      'There is no SSM document no-such-document. Check the inputs ssm-document and region, or deploy infra-template/host-document.yaml first.',
    );
    expect(await servedVersion(host)).toBe('1');
  });
});

describe('a host by itself', () => {
  test('that is new comes up on the live release, and nobody deploys', async () => {
    const replacement = await startHost(undefined, app);

    await waitUntil('the new host to serve', 300, () => answers(replacement));

    expect(await servedRelease(replacement)).toBe(release);
    await replacement.terminate();
  });

  test('leaves what serves alone', async () => {
    const before = await host.shell("docker ps --format '{{.ID}} {{.Names}}'");

    await document.converge();

    expect(await host.shell("docker ps --format '{{.ID}} {{.Names}}'")).toBe(before);
    expect((await document.executions())[0]).toBe('Success');
  });

  test.each([
    ['a container that was stopped', `docker stop ${app}-$release`],
    ['a container that was removed', `docker rm --force ${app}-$release`],
    ['a proxy that was removed', `docker rm --force ${app}-proxy-80`],
    ['a record that is lost', `rm live && docker rm --force ${app}-$release`],
  ])('mends %s', async (_, damage) => {
    await host.shell(`cd /var/lib/ec2-deploy/${app} && release=$(sed -n s/^release=//p live) && ${damage}`);
    await waitUntil('the app to be away', 300, async () => !(await answers(host)));

    await document.converge();

    expect(await servedRelease(host)).toBe(release);
    expect((await document.executions())[0]).toBe('Success');
    expect((await containersOf(host, app)).sort()).toEqual([`${app}-${release}`, `${app}-proxy-80`].sort());
  });

  test('does nothing while a deploy holds the lease', async () => {
    await host.shell(`docker stop ${app}-${release}`);
    await writeLease('somebody', 600);

    await document.converge();

    expect(await answers(host)).toBe(false);
    await writeLease('', 0);
    await document.converge();
    expect(await servedRelease(host)).toBe(release);
  });

  test('that registers while a deploy holds the lease asks again, and serves soon after the deploy', async () => {
    await writeLease('somebody', 600);
    const before = (await document.executions()).length;
    const late = await startHost(bootScript(hostTemplate, 'HostTemplate', place), app);
    await waitUntil('the association to have run on the new host', 300, async () => {
      const executions = await document.executions();
      return executions.length > before && executions[0] !== 'InProgress';
    });
    expect(await answers(late)).toBe(false);

    await writeLease('', 0);
    await waitUntil('the new host to serve', 300, () => answers(late));

    expect(await servedRelease(late)).toBe(release);
    expect(await document.executions()).toHaveLength(before + 1);
    await late.terminate();
  });

  test('takes back what nobody concluded: the ledger says what is live', async () => {
    const candidate = 'r999-abcdef';
    await host.shell(
      `docker rename ${app}-${release} ${app}-${candidate} && sed -i s/${release}/${candidate}/ /var/lib/ec2-deploy/${app}/live && for slot in /var/lib/ec2-deploy/${app}/proxy/slots/*; do printf ${app}-${candidate}:8000 >"$slot"; done`,
    );
    expect(await answers(host)).toBe(true);

    await document.converge();

    expect(await servedRelease(host)).toBe(release);
    expect((await ledgerOf(app)).live).toBe(release);
    expect(await host.shell(`docker ps --format '{{.Names}}'`)).not.toContain(candidate);
  });
});

async function writeLease(holder: string, seconds: number): Promise<void> {
  const deadline = new Date(Date.now() + seconds * 1000).toISOString();
  await ssm.send(
    new PutParameterCommand({
      ...{ Name: `/ec2-deploy/${app}/lease`, Type: 'String', Overwrite: true },
      Value: JSON.stringify({ holder, runUrl: '', deadline }),
    }),
  );
}
