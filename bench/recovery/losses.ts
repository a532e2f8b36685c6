// What is lost on purpose, and how long nobody answers then. Everything runs in the cloud that the tests' support knows.
import { setTimeout as delay } from 'node:timers/promises';
import { newAppName } from '../../test/cloud/support/app-state.ts';
import { ask } from '../../test/cloud/support/cloud.ts';
import { startFleet } from '../../test/cloud/support/fleet.ts';
import { startInstance, stopInstance, terminateInstance } from '../../test/cloud/support/instances.ts';
import { servedRelease, startSingle, startTemplateHost } from '../../test/cloud/support/single.ts';
import { startProbe } from '../../testbed/probe/probe.ts';

/** One loss: who has to act, and how long it took in seconds. */
export interface Recovery {
  readonly what: string;
  readonly seconds: number;
}

const REQUESTS_PER_SECOND = 50;
const GIVEN_UP_SECONDS = 120;

/** The losses of a single host, the least first, each of a host that served before. */
export async function loseSingleHost(): Promise<Recovery[]> {
  const app = newAppName('recovery');
  const { host, document } = await startSingle(app);
  const container = `docker ps --quiet --filter label=ec2-deploy.app=${app} --filter label=ec2-deploy.role=app`;
  const crash = await gapAfter(host.address, () =>
    host.shell(`kill -9 $(docker inspect --format '{{.State.Pid}}' $(${container}))`),
  );

  const rebootedAt = performance.now();
  await stopInstance(host.instanceId);
  await servedRelease({ address: await startInstance(host.instanceId) });
  const reboot = secondsSince(rebootedAt);

  const lostAt = performance.now();
  await host.terminate();
  const replacement = await startTemplateHost(app);
  await servedRelease(replacement);
  const replaced = secondsSince(lostAt);
  await Promise.all([replacement.terminate(), document.remove()]);
  return [
    { what: "the app's process is killed: until it answers again", seconds: crash },
    { what: 'the host is stopped and started: until the app answers again', seconds: reboot },
    { what: 'the host is terminated and made again: until it serves the live release', seconds: replaced },
  ];
}

/** The loss of one of two hosts behind a load balancer. */
export async function loseHostOfFleet(): Promise<Recovery[]> {
  const fleet = await startFleet(newAppName('fleet'));
  const [lost = ''] = await fleet.healthy();
  const lostAt = performance.now();
  await terminateInstance(lost);
  while ((await fleet.healthy()).includes(lost)) await delay(100);
  const out = secondsSince(lostAt);
  await fleet.healthyHosts(2);
  const whole = secondsSince(lostAt);
  await fleet.remove();
  return [
    { what: 'one of two hosts is terminated: until it gets no request', seconds: out },
    { what: 'the same: until two hosts serve again', seconds: whole },
  ];
}

/** For how long there was no good answer after an event, in seconds. */
async function gapAfter(address: string, event: () => Promise<unknown>): Promise<number> {
  const probe = startProbe({ address, ratePerSecond: REQUESTS_PER_SECOND, timeout: GIVEN_UP_SECONDS * 1000 });
  await event();
  await delay(1000);
  while ((await ask({ address }).catch(() => undefined))?.status !== 200) await delay(100);
  return (await probe.stop()).longestGap / 1000;
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
