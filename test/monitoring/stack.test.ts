import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDashboards, withVariables } from './support/dashboards.ts';
import { Stack } from './support/stack.ts';
import { until } from './support/until.ts';
import { Users } from './support/users.ts';

const variables = { app: 'example-app', instance: '.*', rateInterval: '10s' };
/** What has data only while something is wrong is answered by 0 otherwise, so every query has an answer. */
const queries = [...readDashboards().values()].flatMap(({ title, panels, annotations }) => [
  ...panels.flatMap((panel) =>
    (panel.targets ?? []).map(({ expr, legendFormat }): [string, string] => [
      `${title} / ${panel.title} / ${legendFormat}`,
      expr,
    ]),
  ),
  ...annotations.list.flatMap(({ name, expr }): [string, string][] =>
    expr === undefined ? [] : [[`${title} / ${name}`, expr]],
  ),
]);

let stack: Stack;
let users: Users;

beforeAll(async () => {
  stack = await Stack.start();
  await stack.deploy({ release: 'r1-3f9c2a' });
  users = new Users(stack.address);
});

afterAll(async () => {
  await users?.leave();
  await stack?.remove();
});

/** Queries that Prometheus answers with nothing, or not yet. */
async function queriesWithoutData(): Promise<string[]> {
  const answers = queries.map(async ([name, expr]) => {
    const result = await stack.prometheus.query(withVariables(expr, variables));
    return result.some(({ value: [, value] }) => value !== 'NaN') ? [] : [name];
  });
  return (await Promise.all(answers)).flat();
}

describe('Prometheus with the app under load', () => {
  test('gets metrics from the app, its proxy and its host by the address that was added', async () => {
    const jobs = ['app', 'proxy', 'node'];
    await until('all three jobs are up', async () => {
      const up = await stack.prometheus.query('up{app="example-app", instance="host"} == 1');
      return jobs.every((job) => up.some(({ metric }) => metric['job'] === job));
    });
    const targets = await stack.prometheus.targets();
    expect(targets.find(({ labels }) => labels['job'] === 'proxy')?.scrapeUrl).toBe(
      'http://host:80/proxy/metrics',
    );
  });

  test('refuses metrics to users', async () => {
    expect((await fetch(`${stack.address}/metrics`)).status).toBe(404);
  });

  test('has data for every panel and every annotation', { timeout: 45_000 }, async () => {
    expect(queries.length).toBeGreaterThan(80);
    await expect.poll(queriesWithoutData, { timeout: 40_000, interval: 500 }).toEqual([]);
  });

  test('evaluates every rule', async () => {
    const isEvaluated = async () => (await stack.prometheus.rules()).every(({ health }) => health === 'ok');
    await until('every rule was evaluated', isEvaluated);
    const rules = await stack.prometheus.rules();
    expect(rules.filter(({ type }) => type === 'alerting').length).toBeGreaterThan(10);
  });
});

describe('an outage', () => {
  test('reaches the webhook, with what to do about it', { timeout: 75_000 }, async () => {
    expect(stack.told.filter(({ labels }) => labels['severity'] === 'page')).toEqual([]);
    await stack.crash();
    const appDown = () => stack.told.find(({ labels }) => labels['alertname'] === 'AppDown');
    await until('the webhook is told', async () => appDown() !== undefined);
    expect(appDown()).toMatchObject({
      status: 'firing',
      labels: { app: 'example-app', severity: 'page' },
      annotations: { runbook_url: expect.stringContaining('docs/troubleshooting.md#appdown') },
    });
  });
});
