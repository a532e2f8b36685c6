// How far a rollout is on a host, and how it is taken back.
import { CancelCommandCommand } from '@aws-sdk/client-ssm';
import { waitUntil } from '../../../testbed/cloud/wait.ts';
import { parameter, runningContainers, type TestHost } from './cloud.ts';
import { ssm } from './front.ts';

/** What the host's journal says: the phase, and the release that is rolled out; undefined if nothing is under way. */
export async function journalOf(
  host: TestHost,
  app: string,
): Promise<{ phase: string; candidate: string } | undefined> {
  const text = await host.shell(`cat /var/lib/ec2-deploy/${app}/journal 2>/dev/null || true`);
  const { phase = '', candidate = '' } = Object.fromEntries(text.split('\n').map((line) => line.split('=')));
  return phase === '' ? undefined : { phase, candidate };
}

/** The container that requests go to, as the first of the proxy's slots has it. */
export async function targetOf(host: TestHost, app: string): Promise<string> {
  return (await host.shell(`cat /var/lib/ec2-deploy/${app}/proxy/slots/00`)).replace(/:\d+$/, '');
}

/**
 * Waits until the candidate's container runs and is not healthy yet.
 * @returns the release
 */
export async function candidateStarting(host: TestHost, app: string): Promise<string> {
  let release = '';
  await waitUntil(`a candidate of ${app} to start`, 300, async () => {
    release = (await journalOf(host, app))?.candidate ?? '';
    return release !== '' && (await runningContainers(host, app)).includes(`${app}-${release}`);
  });
  return release;
}

/**
 * Waits until requests go to the candidate.
 * @returns the release
 */
export async function trafficMoved(host: TestHost, app: string): Promise<string> {
  let release = '';
  await waitUntil(`the traffic of ${app} to move`, 300, async () => {
    release = (await journalOf(host, app))?.candidate ?? '';
    return release !== '' && (await targetOf(host, app)) === `${app}-${release}`;
  });
  return release;
}

/** Kills a command's process group on its host, as the agent does when a command is cancelled. */
export async function cancelCommand(commandId: string): Promise<void> {
  await ssm.send(new CancelCommandCommand({ CommandId: commandId }));
}

/** The app's lease: who holds it, until when; the holder is empty when it is free. */
export async function leaseOf(app: string): Promise<{ holder: string; runUrl: string; deadline: string }> {
  return JSON.parse((await parameter(`/ec2-deploy/${app}/lease`)) ?? '{"holder":""}');
}
