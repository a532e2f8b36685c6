// A host of a fleet is lost while requests come. How long the loss of an only host lasts is measured in bench/recovery.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../../testbed/cloud/wait.ts';
import { type Probe, startProbe } from '../../testbed/probe/probe.ts';
import { newAppName } from './support/app-state.ts';
import { ask, onlineHost } from './support/cloud.ts';
import { type Fleet, startFleet } from './support/fleet.ts';
import { terminateInstance } from './support/instances.ts';
import { servedRelease } from './support/single.ts';
import { query } from './support/templates.ts';

describe('a fleet of two', () => {
  const app = newAppName('many');
  let fleet: Fleet;

  beforeAll(async () => {
    fleet = await startFleet(app);
  }, 600_000);

  afterAll(() => fleet?.remove());

  /** Requests at a constant rate; answers are told apart by the container that gave them. */
  function load(): Probe {
    return startProbe({
      address: fleet.address,
      path: '/host',
      ratePerSecond: 10,
      labelOf: ({ body }) => body,
    });
  }

  /** The first host's containers go with it, so that only the load balancer's own view tells that it is out. */
  async function stateOf(instanceId: string): Promise<unknown> {
    const states = `TargetHealthDescriptions[?Target.Id=='${instanceId}'].TargetHealth.State`;
    return query(states, 'elbv2', 'describe-target-health', '--target-group-arn', fleet.targetGroupArn);
  }

  test('loses no request after the next check when a host is terminated, and gets another one that serves', async () => {
    const { release } = JSON.parse((await ask(fleet)).body);
    const [lost = '', kept = ''] = await fleet.healthy();
    const untilCheck = load();
    await waitUntil(
      'both hosts to answer',
      300,
      async () => Object.keys(untilCheck.progress().labels).length === 2,
    );

    await terminateInstance(lost);
    await waitUntil(
      'the load balancer’s next check',
      300,
      async () => !(await fleet.healthy()).includes(lost),
    );
    const afterCheck = load();
    await untilCheck.stop();

    expect(await stateOf(lost)).not.toEqual(['healthy']);
    const [, joined = ''] = [kept, ...(await fleet.healthyHosts(2)).filter((id) => id !== kept)];
    expect(await stateOf(joined)).toEqual(['healthy']);
    await waitUntil(
      'the new host to answer',
      300,
      async () => Object.keys(afterCheck.progress().labels).length === 2,
    );
    const { failed, reasons } = await afterCheck.stop();
    expect({ failed, reasons }).toEqual({ failed: 0, reasons: {} });
    expect(joined).not.toBe(lost);
    expect(await servedRelease(await onlineHost(joined))).toBe(release);
  }, 400_000);
});
