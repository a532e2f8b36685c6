import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { root, run } from '../../scripts/checks.ts';
import { amtool, bringMonitoringImages, promtool } from './support/tools.ts';

interface Rule {
  alert?: string;
  record?: string;
  labels?: { severity?: string };
  annotations?: Record<string, string>;
}

interface RuleTest {
  name: string;
  alert_rule_test?: { alertname: string; exp_alerts: unknown[] }[];
}

function rulesOf(file: string): Rule[] {
  const { groups }: { groups: { rules: Rule[] }[] } = parse(readFileSync(join(root, file), 'utf8'));
  return groups.flatMap(({ rules }) => rules);
}

const ruleFiles = globSync('monitoring/prometheus/rules/*.yml', { cwd: root });
const testFiles = globSync('test/monitoring/rules/*.yml', { cwd: root });
const alerts = ruleFiles.flatMap(rulesOf).filter(({ alert }) => alert !== undefined);
const expectations = testFiles.flatMap((file) => {
  const { tests }: { tests: RuleTest[] } = parse(readFileSync(join(root, file), 'utf8'));
  return tests.flatMap(({ alert_rule_test }) => alert_rule_test ?? []);
});

beforeAll(bringMonitoringImages);

describe.concurrent('promtool', () => {
  test('accepts the configuration and every rule', async () => {
    const { code, output } = await promtool(
      'check',
      'config',
      '--lint=all',
      'monitoring/prometheus/prometheus.yml',
    );
    expect(output).not.toContain('FAILED');
    expect(code, output).toBe(0);
  });

  test('finds that alerts fire and keep silent as the files in test/monitoring/rules say', async () => {
    const { code, output } = await promtool('test', 'rules', ...testFiles);
    expect(testFiles).not.toEqual([]);
    expect(code, output).toBe(0);
  });
});

test('amtool accepts the configuration, and sends pages and tickets to a receiver', async () => {
  const checked = await amtool('check-config', 'monitoring/alertmanager/alertmanager.yml');
  expect(checked.code, checked.output).toBe(0);
  for (const severity of ['page', 'ticket']) {
    const config = '--config.file=monitoring/alertmanager/alertmanager.yml';
    const { output } = await amtool('config', 'routes', 'test', config, `severity=${severity}`);
    // A warning may stand before or after it.
    expect(output.split('\n')).toContain('team');
  }
});

describe.each(alerts.map((rule): [string, Rule] => [rule.alert ?? '', rule]))('%s', (name, rule) => {
  test('is shown to fire, and not to fire', () => {
    const own = expectations.filter(({ alertname }) => alertname === name);
    expect(own.filter(({ exp_alerts }) => exp_alerts.length > 0)).not.toEqual([]);
    expect(own.filter(({ exp_alerts }) => exp_alerts.length === 0)).not.toEqual([]);
  });

  test('says how urgent it is, what is wrong, and leads to a section that is there', () => {
    const headings = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8').matchAll(/^#+ (.+)$/gm);
    const anchors = [...headings].map(([, heading = '']) => anchorOf(heading));
    expect(rule.labels?.severity).toMatch(/^(page|ticket)$/);
    expect(rule.annotations?.['summary']).toContain('{{ $labels.');
    expect(rule.annotations?.['description']).toBeTruthy();
    const [page, anchor] = (rule.annotations?.['runbook_url'] ?? '').split('#');
    expect(page).toBe('https://github.com/org/ec2-deploy-action/blob/main/docs/troubleshooting.md');
    expect(anchors).toContain(anchor);
  });
});

/** As GitHub names the anchor of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

test('the compose file is valid, and pins what it starts', async () => {
  const { code, output } = await run('docker', [
    'compose',
    '--file',
    'monitoring/compose.yaml',
    'config',
    '--format',
    'json',
  ]);
  expect(code, output).toBe(0);
  const {
    services,
  }: { services: Record<string, { image: string; user: string; ports?: { host_ip: string }[] }> } =
    JSON.parse(output);
  expect(Object.keys(services).sort()).toEqual(['alertmanager', 'grafana', 'grafana-password', 'prometheus']);
  for (const { image, user, ports = [] } of Object.values(services)) {
    expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
    expect(user).toMatch(/^[1-9]/);
    expect(ports.filter(({ host_ip }) => host_ip !== '127.0.0.1')).toEqual([]);
  }
});
