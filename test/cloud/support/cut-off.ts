// A rollout that is cut off in the middle: what serves before, where it is cut, and what must be left afterwards.
import { expect } from 'vitest';
import { type Probe, startProbe } from '../../../testbed/probe/probe.ts';
import { containersOf, ledgerOf, newAppName } from './app-state.ts';
import { type BorrowedHost, borrowHost, deploy, repository, servedVersion, type TestHost } from './cloud.ts';
import { progressOf } from './rollouts.ts';

/** An app that keeps a rollout at the switch, as a job of a test needs it. */
export const unproven = { context: `${import.meta.dirname}/unproven-app`, 'build-args': 'VERSION=unproven' };
/** Keeps a rollout at the wait for the candidate's health. */
export const unhealthy = { env: 'HEALTH_STATUS=503' };

export interface Served<Host = TestHost> {
  host: Host;
  app: string;
  /** What serves: version 1. */
  release: string;
  /** Its image, for deploys that need no build. */
  image: Record<string, string>;
}

/** A borrowed host with version 1 of an app of its own. */
export async function serveFirstVersion(name: string): Promise<Served<BorrowedHost>> {
  const app = newAppName(name);
  const host = await borrowHost();
  const { outputs } = await deploy(host, { 'app-name': app, version: '1' });
  const image = { image: `${repository}@${outputs['image-digest']}` };
  return { host, app, release: outputs['release'] ?? '', image };
}

/** Asks the host all the time which version serves. */
export function probeVersions({ host }: Served): Probe {
  const labelOf = ({ body }: { body: string }) => `version ${JSON.parse(body).version}`;
  return startProbe({ address: host.address, ratePerSecond: 5, labelOf });
}

/** Nothing of the candidate is left, and the ledger knows. */
export async function expectTakenBack({ host, app, release }: Served, candidate: string): Promise<void> {
  expect(await servedVersion(host)).toBe('1');
  expect(await containersOf(host, app)).not.toContain(`${app}-${candidate}`);
  expect(await progressOf(host, app)).toBeUndefined();
  expect((await ledgerOf(app)).live).toBe(release);
}
