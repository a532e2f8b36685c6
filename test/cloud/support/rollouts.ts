// How far a rollout is on a host, and how it is taken back.
import { CancelCommandCommand } from '@aws-sdk/client-ssm';
import { waitUntil } from '../../../testbed/cloud/wait.ts';
import { parameter, type TestHost } from './cloud.ts';
import { ssm } from './front.ts';

/** How far a rollout is on a host. */
interface Progress {
  /** What the journal says: the phase, and the release that is rolled out. */
  phase: string;
  candidate: string;
  /** The last step that has begun, as the log says. */
  step: string;
  /** CONTAINER:PORT that requests go to, as the first of the proxy's slots has it. */
  target: string;
}

/** What the host's files say; undefined if nothing is under way. */
export async function progressOf(host: TestHost, app: string): Promise<Progress | undefined> {
  const text = await host.shell(
    `cd /var/lib/ec2-deploy/${app} && cat journal && sed -n 's/^[^ ]* step /step=/p' log && sed 's/^/target=/' proxy/slots/00 || true`,
  );
  const said = Object.fromEntries(text.split('\n').map((line) => line.split('=')));
  const { phase = '', candidate = '', step = '', target = '' } = said;
  return phase === '' ? undefined : { phase, candidate, step, target };
}

/**
 * Waits until the candidate's container runs and is not healthy yet.
 * @returns the release
 */
export function candidateStarting(host: TestHost, app: string): Promise<string> {
  return whenUnderWay(`a candidate of ${app} to start`, host, app, ({ step }) => step === 'health');
}

/**
 * Waits until requests go to the candidate.
 * @returns the release
 */
export function trafficMoved(host: TestHost, app: string): Promise<string> {
  return whenUnderWay(`the traffic of ${app} to move`, host, app, ({ candidate, target }) =>
    target.startsWith(`${app}-${candidate}:`),
  );
}

async function whenUnderWay(
  what: string,
  host: TestHost,
  app: string,
  isThere: (progress: Progress) => boolean,
): Promise<string> {
  let release = '';
  await waitUntil(what, 300, async () => {
    const progress = await progressOf(host, app);
    release = progress?.candidate ?? '';
    return progress !== undefined && isThere(progress);
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
