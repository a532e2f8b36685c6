// What is left of an app after a rollout: on its host, and in the ledger.
import { randomUUID } from 'node:crypto';
import type { Ledger } from '../../../src/release/ledger.ts';
import type { ActionResult } from '../../../testbed/runner/run.ts';
import { parameter, type TestHost } from './cloud.ts';

/** A name that no run before had, since a cloud may be kept, and its ledger with it. */
export function newAppName(name: string): string {
  return `${name}-${randomUUID().slice(0, 8)}`;
}

/** Names of all the app's containers on the host, running or not: the proxy's too. */
export function containersOf(host: TestHost, app: string): Promise<string[]> {
  return lines(host, `docker ps --all --filter label=ec2-deploy.app=${app} --format '{{.Names}}'`);
}

/** Digests of the test images that the host's engine has, whichever app they are for. */
export function digestsOn(host: TestHost, repository: string): Promise<string[]> {
  return lines(
    host,
    `docker images --digests --format '{{.Repository}} {{.Digest}}' | sed -n 's|.*/${repository} ||p'`,
  );
}

/** The lines that a shell line prints on the host, sorted. */
export async function lines(host: TestHost, line: string): Promise<string[]> {
  const output = await host.shell(line);
  return output
    .split('\n')
    .filter((text) => text !== '')
    .sort();
}

/** The app's ledger, as the action wrote it. */
export async function ledgerOf(app: string): Promise<Ledger> {
  return JSON.parse((await parameter(`/ec2-deploy/${app}/ledger`)) ?? '{}');
}

/** How the ledger says that a release ended; undefined if it has no entry. */
export async function statusOf(app: string, release: string): Promise<string | undefined> {
  const entry = await parameter(`/ec2-deploy/${app}/releases/${release}`);
  return entry === undefined ? undefined : JSON.parse(entry).status;
}

/** The steps on the host and their milliseconds, by name. */
export function stepsOf({ outputs }: ActionResult): Record<string, number> {
  const [host] = JSON.parse(outputs['report'] ?? '{}').hosts;
  return Object.fromEntries(
    host.steps.map(({ name, milliseconds }: { name: string; milliseconds: number }) => [name, milliseconds]),
  );
}

/** The texts of the job's errors, or of its warnings. */
export function annotations({ annotations }: ActionResult, level: 'error' | 'warning'): string {
  return annotations
    .filter((annotation) => annotation.level === level)
    .map(({ message }) => message)
    .join('\n');
}
