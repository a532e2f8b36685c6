import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Probe, type ProbeReport, startProbe } from '../../testbed/probe/probe.ts';
import { newAppName } from './support/app-state.ts';
import { type BorrowedHost, borrowHost, deploy } from './support/cloud.ts';

const app = newAppName('steady');
let host: BorrowedHost;

beforeAll(async () => {
  host = await borrowHost();
});

afterAll(() => host.giveBack());

/** Deploys a version of the test app; inputs that are set replace the usual ones. */
function deployVersion(version: number, inputs: Record<string, string> = {}) {
  return deploy(host, { 'app-name': app, version: String(version), ...inputs });
}

describe('under 200 requests a second, half on new connections, half kept alive', () => {
  let report: ProbeReport;
  /** Answers of each version when its successor's rollout had ended. */
  const answeredThen: Record<string, number | undefined> = {};
  const verdicts: (string | undefined)[] = [];

  beforeAll(async () => {
    await deployVersion(1);
    const probe = startProbe({
      address: host.address,
      labelOf: ({ body }) => `version ${JSON.parse(body).version}`,
    });
    for (const version of [2, 3, 4]) await roll(probe, version);
    const refused = await deployVersion(5, { env: 'HEALTH_STATUS=500', 'health-timeout': '3s' });
    verdicts.push(refused.outputs['verdict']);
    while (probe.progress().requests < 5000) await delay(200);
    report = await probe.stop();
  });

  async function roll(probe: Probe, version: number): Promise<void> {
    const { outputs } = await deployVersion(version);
    verdicts.push(outputs['verdict']);
    answeredThen[version - 1] = probe.progress().labels[`version ${version - 1}`];
  }

  test('three rollouts and a refused one lose none of at least 5,000', () => {
    expect(verdicts).toEqual(['deployed', 'deployed', 'deployed', 'rolled-back']);
    expect(report).toMatchObject({ failed: 0, reasons: {} });
    expect(report.requests).toBeGreaterThanOrEqual(5000);
    expect(report.byKind.newConnection.requests).toBeGreaterThanOrEqual(2500);
    expect(report.byKind.keptAlive.requests).toBeGreaterThanOrEqual(2500);
  });

  test('no answer takes longer than a second', () => {
    expect(report.slowest).toBeLessThan(1000);
  });

  test('every version answers in its turn, and the refused one never', () => {
    expect(Object.keys(report.labels)).toEqual(['version 1', 'version 2', 'version 3', 'version 4']);
  });

  test('a version answers no more when the rollout of the next one has ended', () => {
    for (const version of [1, 2, 3]) {
      expect(answeredThen[version]).toBeGreaterThan(0);
      expect(report.labels[`version ${version}`]).toBe(answeredThen[version]);
    }
  });
});
