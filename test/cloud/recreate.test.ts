import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProbe } from '../../testbed/probe/probe.ts';
import type { ActionResult } from '../../testbed/runner/run.ts';
import { containersOf, lines, newAppName } from './support/app-state.ts';
import { type BorrowedHost, borrowHost, deploy, runningContainers, servedVersion } from './support/cloud.ts';

const appName = newAppName('simple');
let host: BorrowedHost;

beforeAll(async () => {
  host = await borrowHost();
  await deployVersion(1);
});

afterAll(() => host.giveBack());

const crash = { command: "sh -c 'echo no such table >&2; exit 1'" };

function deployVersion(version: number, inputs: Record<string, string> = {}): Promise<ActionResult> {
  return deploy(host, {
    'app-name': appName,
    strategy: 'recreate',
    version: String(version),
    ...inputs,
  });
}

function nameOf({ outputs }: ActionResult): string {
  return `${appName}-${outputs['release']}`;
}

/** The containers that run, and the one that owns the host's port. */
async function atWork() {
  const [app, owners] = await Promise.all([
    runningContainers(host, appName),
    lines(host, "docker ps --filter publish=80 --format '{{.Names}} {{.Ports}}' | cut -d ' ' -f 1"),
  ]);
  return { app, owners };
}

describe('recreate', () => {
  let second: ActionResult;

  test('tells how long nothing answered, as an independent probe saw it', async () => {
    const probe = startProbe({ address: host.address, ratePerSecond: 50, timeout: 1000 });

    second = await deployVersion(2);
    const { longestGap } = await probe.stop();

    const { gapMilliseconds } = JSON.parse(second.outputs['report'] ?? '{}');
    expect(second.outputs['verdict']).toBe('deployed');
    expect(gapMilliseconds).toBeGreaterThan(0);
    // The host measures from the stop's command to the first answer, the probe between two answers that it got.
    expect(gapMilliseconds).toBeGreaterThan(longestGap - 1000);
    expect(gapMilliseconds).toBeLessThan(longestGap + 2000);
    expect(second.summary).toContain(
      `${second.outputs['release']} serves (nothing answered for ${gapMilliseconds} ms)`,
    );
    expect(second.summary).toContain(`| Gap | ${gapMilliseconds} ms |`);
    expect(await servedVersion(host)).toBe('2');
  });

  test('finds the same again unchanged', async () => {
    const { outputs } = await deployVersion(2);

    expect(outputs).toMatchObject({ verdict: 'unchanged', release: second.outputs['release'] });
    expect(await atWork()).toEqual({ app: [nameOf(second)], owners: [nameOf(second)] });
  });

  test('brings the old release back when the new one does not start', async () => {
    const refused = await deployVersion(3, crash);

    expect(refused).toMatchObject({ exitCode: 1, outputs: { verdict: 'rolled-back' } });
    expect(refused.summary).toContain('no such table');
    expect(await servedVersion(host)).toBe('2');
    expect(await atWork()).toEqual({ app: [nameOf(second)], owners: [nameOf(second)] });
    expect(await containersOf(host, appName)).not.toContain(nameOf(refused));
    expect(await restartPolicy(nameOf(second))).toBe('unless-stopped');
    expect(refused.summary).toMatch(/serves \(nothing answered for \d+ ms\)/);
  });
});

describe('a change of the strategy', () => {
  const proxy = `${appName}-proxy-80`;
  let blueGreen: ActionResult;

  test('to blue-green puts the proxy before the new release, with its gap told', async () => {
    blueGreen = await deployVersion(4, { strategy: 'blue-green' });

    expect(blueGreen.outputs['verdict']).toBe('deployed');
    expect(blueGreen.summary).toMatch(/nothing answered for \d+ ms/);
    expect(await servedVersion(host)).toBe('4');
    expect(await atWork()).toEqual({ app: [nameOf(blueGreen)], owners: [proxy] });
  });

  test('to recreate that fails brings proxy and release back', async () => {
    const { exitCode, outputs } = await deployVersion(5, crash);

    expect({ exitCode, verdict: outputs['verdict'] }).toEqual({ exitCode: 1, verdict: 'rolled-back' });
    expect(await servedVersion(host)).toBe('4');
    expect(await atWork()).toEqual({ app: [nameOf(blueGreen)], owners: [proxy] });
    expect(await restartPolicy(nameOf(blueGreen))).toBe('unless-stopped');
    expect(await restartPolicy(proxy)).toBe('unless-stopped');
  });

  test('to recreate takes the proxy away', async () => {
    const recreated = await deployVersion(6);

    expect(recreated.outputs['verdict']).toBe('deployed');
    expect(await servedVersion(host)).toBe('6');
    expect(await atWork()).toEqual({ app: [nameOf(recreated)], owners: [nameOf(recreated)] });
    expect(await containersOf(host, appName)).not.toContain(proxy);
  });
});

function restartPolicy(container: string): Promise<string> {
  return host.shell(`docker inspect --format '{{.HostConfig.RestartPolicy.Name}}' ${container}`);
}
