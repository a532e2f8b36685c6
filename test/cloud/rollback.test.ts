// Going back by hand to a release that served before, and asking whether the live one serves: rollback/ and check/.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProbe } from '../../testbed/probe/probe.ts';
import { type ActionResult, runAction } from '../../testbed/runner/run.ts';
import { annotations, ledgerOf, newAppName } from './support/app-state.ts';
import {
  access,
  ask,
  type BorrowedHost,
  borrowHost,
  deploy,
  runningContainers,
  servedVersion,
} from './support/cloud.ts';

const app = newAppName('again');
let host: BorrowedHost;
/** The releases of versions 1, 2 and 3. */
const releases: string[] = [];

beforeAll(async () => {
  host = await borrowHost();
});

afterAll(() => host.giveBack());

function act(action: 'rollback' | 'check', inputs: Record<string, string> = {}): Promise<ActionResult> {
  return runAction({
    actionPath: action,
    environment: { ...access },
    inputs: { 'instance-ids': host.instanceId, 'app-name': app, ...inputs },
  });
}

describe('before anything was deployed', () => {
  test('there is nothing to check', async () => {
    const result = await act('check');

    expect(result.exitCode).toBe(1);
    expect(annotations(result, 'error')).toContain(
      `The ledger of ${app} has no live release: nothing was deployed yet.`,
    );
  });

  test('there is nothing to go back to, also after the first release', async () => {
    const { outputs } = await deploy(host, { 'app-name': app, version: '1', env: 'COLOUR=red' });
    releases.push(outputs['release'] ?? '');

    const result = await act('rollback');

    expect(result.exitCode).toBe(1);
    expect(annotations(result, 'error')).toContain(
      `The ledger of ${app} has no release before ${releases[0]} to go back to. It keeps no other release.`,
    );
    expect(await servedVersion(host)).toBe('1');
  });
});

describe('after three releases', () => {
  beforeAll(async () => {
    for (const version of [2, 3]) {
      const { outputs } = await deploy(host, { 'app-name': app, version: String(version) });
      releases.push(outputs['release'] ?? '');
    }
  });

  test('a rollback brings the one before back without losing a request', async () => {
    const probe = startProbe({ address: host.address, ratePerSecond: 10 });

    const { exitCode, outputs } = await act('rollback');

    expect(exitCode).toBe(0);
    expect(outputs).toMatchObject({
      verdict: 'deployed',
      release: releases[1],
      'previous-release': releases[2],
      'image-digest': expect.stringMatching(/^sha256:/),
    });
    expect(await servedVersion(host)).toBe('2');
    expect((await ledgerOf(app)).live).toBe(releases[1]);
    expect(await probe.stop()).toMatchObject({ failed: 0, reasons: {} });
  });

  test('another goes one further back, with the settings that it had', async () => {
    const { outputs } = await act('rollback');

    expect(outputs).toMatchObject({ verdict: 'deployed', release: releases[0] });
    expect(await servedVersion(host)).toBe('1');
    const [container] = await runningContainers(host, app);
    expect(await host.shell(`docker inspect --format '{{json .Config.Env}}' ${container}`)).toContain(
      'COLOUR=red',
    );
  });

  test('a release that is named is brought back, and is unchanged the second time', async () => {
    const first = await act('rollback', { release: releases[2] ?? '' });
    const second = await act('rollback', { release: releases[2] ?? '' });

    expect(first.outputs).toMatchObject({ verdict: 'deployed', release: releases[2] });
    expect(second.outputs).toMatchObject({ verdict: 'unchanged', release: releases[2] });
    expect(await servedVersion(host)).toBe('3');
  });

  test('one that the ledger does not keep is refused, with those that it keeps', async () => {
    const result = await act('rollback', { release: 'r99-abcdef' });

    expect(result.exitCode).toBe(1);
    expect(annotations(result, 'error')).toContain(
      `The ledger of ${app} has no release r99-abcdef that served. It keeps ${releases[0]}, ${releases[1]}.`,
    );
  });
});

describe('a check', () => {
  test('passes as long as the live release serves, and touches nothing', async () => {
    const before = await runningContainers(host, app);

    const { exitCode, outputs } = await act('check');

    expect({ exitCode, verdict: outputs['verdict'] }).toEqual({ exitCode: 0, verdict: 'unchanged' });
    expect(outputs['release']).toBe(releases[2]);
    expect(await runningContainers(host, app)).toEqual(before);
  });

  test('fails when it does not, and names the host', async () => {
    await host.shell(`docker stop --time 1 ${app}-${releases[2]}`);

    const result = await act('check');

    expect(result).toMatchObject({ exitCode: 1, outputs: { verdict: 'failed' } });
    expect(annotations(result, 'error')).toContain(
      `${host.instanceId} has ${releases[2]}, and answers do not come from it.\nDeploy again to mend it.`,
    );
    expect((await ask(host)).status).toBe(502);
  });
});
