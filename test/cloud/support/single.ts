// A host of infra-template/single-instance.yaml with a live release, and its replacement.
import { bootScript } from '../../../scripts/boot-script.ts';
import { readTemplate } from '../../../scripts/cloudformation.ts';
import { waitUntil } from '../../../testbed/cloud/wait.ts';
import { access, ask, deployedRelease, startHost, type TestHost } from './cloud.ts';
import { type HostDocument, installHostDocument } from './host-document.ts';

const template = readTemplate('infra-template/single-instance.yaml');

export interface Single {
  host: TestHost;
  release: string;
  document: HostDocument;
}

/** Starts the template's host for an app, and deploys to it. */
export async function startSingle(app: string): Promise<Single> {
  const [document, host] = await Promise.all([installHostDocument(app), startTemplateHost(app)]);
  return { host, release: await deployedRelease(host, { 'app-name': app }), document };
}

/** Starts the host that CloudFormation makes when `HostGeneration` is counted up: moto makes none. */
export function startTemplateHost(app: string): Promise<TestHost> {
  const place = { AppName: app, 'AWS::Region': access.AWS_REGION };
  return startHost(bootScript(template, 'HostTemplate', place), app);
}

/** Waits until a host answers, and returns the release that does. */
export async function servedRelease(host: Pick<TestHost, 'address'>): Promise<string> {
  let body = '';
  await waitUntil(`${host.address} to serve`, 300, async () => {
    const answer = await ask(host);
    body = answer.body;
    return answer.status === 200;
  });
  return JSON.parse(body).release;
}
