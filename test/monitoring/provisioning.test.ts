import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../scripts/checks.ts';
import { readDashboards } from './support/dashboards.ts';

interface Compose {
  services: Record<string, { volumes?: string[]; environment?: Record<string, string> }>;
}

interface Datasources {
  apiVersion: number;
  datasources: { uid: string; type: string; access: string; url: string; isDefault?: boolean }[];
}

interface Providers {
  apiVersion: number;
  providers: { name: string; type: string; options: { path: string } }[];
}

function read(file: string) {
  return parse(readFileSync(join(root, 'monitoring', file), 'utf8'));
}

const { services }: Compose = read('compose.yaml');
const { datasources, ...dataFile }: Datasources = read('grafana/provisioning/datasources/prometheus.yaml');
const { providers, ...providerFile }: Providers = read('grafana/provisioning/dashboards/ec2-deploy.yaml');

test('files have the version that Grafana reads', () => {
  expect([dataFile.apiVersion, providerFile.apiVersion]).toEqual([1, 1]);
});

test('data sources are services that compose starts', () => {
  expect(datasources.map(({ uid }) => uid)).toEqual(['prometheus', 'alertmanager']);
  for (const { uid, type, access, url } of datasources) {
    expect({ type, access }).toEqual({ type: uid, access: 'proxy' });
    expect(Object.keys(services)).toContain(new URL(url).hostname);
  }
});

test('dashboards ask the data source that is provisioned', () => {
  const uids = datasources.map(({ uid }) => uid);
  const asked = [...readDashboards().values()].flatMap(({ panels }) =>
    panels.filter(({ type }) => type !== 'row').map(({ datasource }) => datasource?.uid),
  );
  expect(asked.length).toBeGreaterThan(30);
  expect(asked.filter((uid) => uid === undefined || !uids.includes(uid))).toEqual([]);
});

test('dashboards are where Grafana looks for them', () => {
  const [provider, ...others] = providers;
  expect(others).toEqual([]);
  const { volumes = [], environment = {} } = services['grafana'] ?? {};
  expect(volumes).toContain(`./dashboards/json:${provider?.options.path}:ro`);
  expect(volumes).toContain('./grafana/provisioning:/etc/grafana/provisioning:ro');
  const home = environment['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH']?.replace(
    `${provider?.options.path}/`,
    '',
  );
  expect([...readDashboards().keys()].map((name) => `${name}.json`)).toContain(home);
});
