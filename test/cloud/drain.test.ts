import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProbe } from '../../testbed/probe/probe.ts';
import type { ActionResult } from '../../testbed/runner/run.ts';
import { annotations, containersOf, newAppName, stepsOf } from './support/app-state.ts';
import { ask, type BorrowedHost, borrowHost, deploy, repository } from './support/cloud.ts';

const app = newAppName('slow');
let host: BorrowedHost;
/** The release that serves first. */
let first: ActionResult;

beforeAll(async () => {
  host = await borrowHost();
  first = await deploy(host, { 'app-name': app, context: `${import.meta.dirname}/support/slow-app` });
});

afterAll(() => host.giveBack());

/** Deploys a version of the app, whose answers take as long as they are asked to. */
function deployVersion(version: number, inputs: Record<string, string>) {
  const image = `${repository}@${first.outputs['image-digest']}`;
  return deploy(host, { 'app-name': app, image, env: `VERSION=${version}`, ...inputs });
}

describe('answers that are under way when the traffic moves', () => {
  test('come to their end before the old container is stopped', async () => {
    const probe = startProbe({
      address: host.address,
      // Longer than the proxy tries again, so that one that is cut fails; and than a busy machine takes from switch to drain.
      path: '/cgi-bin/slow?15',
      timeout: 60_000,
      ratePerSecond: 2,
      labelOf: ({ body }) => `version ${body}`,
    });

    const result = await deployVersion(2, { 'drain-timeout': '60s' });
    const { failed, reasons, labels } = await probe.stop();

    expect(result.outputs['verdict']).toBe('deployed');
    expect({ failed, reasons }).toEqual({ failed: 0, reasons: {} });
    expect(Object.keys(labels)).toEqual(['version 1', 'version 2']);
    // The last of them had begun just before the switch.
    expect(stepsOf(result)['drain']).toBeGreaterThan(3000);
    expect(annotations(result, 'warning')).toBe('');
    expect(
      await host.shell(`docker inspect --format '{{.State.Running}}' ${app}-${first.outputs['release']}`),
    ).toBe('false');
  });

  test('are cut after drain-timeout, and the job says so', async () => {
    const answer = ask(host, '/cgi-bin/slow?60').catch((error: Error) => error);

    const result = await deployVersion(3, { 'drain-timeout': '2s' });

    const warning = 'Requests to the old release were still running after drain-timeout (2 s) and were cut.';
    expect(result.outputs['verdict']).toBe('deployed');
    expect(annotations(result, 'warning')).toContain(warning);
    expect(result.summary).toContain(warning);
    expect(await answer).toSatisfy(
      (end: unknown) => end instanceof Error || (end as { status: number }).status === 502,
    );
    expect(await containersOf(host, app)).toContain(`${app}-${result.outputs['release']}`);
  });
});
