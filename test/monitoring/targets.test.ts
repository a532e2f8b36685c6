import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseAddress } from '../../monitoring/targets.ts';
import { type CommandResult, run } from '../../scripts/checks.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'monitoring-targets-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs `npm run monitoring:target -- …` for a Prometheus that does not run. */
async function target(...args: string[]): Promise<CommandResult> {
  const settings = [`MONITORING_FOLDER=${folder}`, 'PROMETHEUS_PORT=1'];
  return await run('env', [...settings, process.execPath, 'monitoring/target.ts', ...args]);
}

function written(): unknown {
  return JSON.parse(readFileSync(join(folder, 'targets/hosts.json'), 'utf8'));
}

describe('hosts', () => {
  test('are added with what the scrape jobs need to know of them', async () => {
    expect(await target('203.0.113.7')).toMatchObject({ code: 0 });
    await target(
      'add',
      'shop.example.org',
      '2001:DB8::1',
      '--app',
      'shop',
      '--node',
      '--metrics-port',
      '9999',
    );
    const shop = { app: 'shop', __metrics_port: '9999', __node_port: '9100' };
    expect(written()).toEqual([
      { targets: ['[2001:db8::1]'], labels: shop },
      { targets: ['203.0.113.7'], labels: { app: 'example-app', __metrics_port: '9464' } },
      { targets: ['shop.example.org'], labels: shop },
    ]);
  });

  test('are there once, with what was said last', async () => {
    await target('203.0.113.7', '203.0.113.7');
    await target('203.0.113.7', '--app', 'shop');
    expect(written()).toEqual([
      { targets: ['203.0.113.7'], labels: { app: 'shop', __metrics_port: '9464' } },
    ]);
  });

  test('are listed and removed', async () => {
    expect((await target('list')).output).toBe('No host is asked yet: add one.\n');
    await target('203.0.113.7', '203.0.113.8', '--node');
    expect((await target('remove', '203.0.113.7')).code).toBe(0);
    expect((await target('list')).output).toBe(
      '203.0.113.8  example-app, metrics on 9464, node_exporter on 9100\n',
    );
  });

  test.each([
    [['http://203.0.113.7'], '"http://203.0.113.7" is no address'],
    [['203.0.113.7:9464'], 'without a port'],
    [['203.0.113.700'], '"203.0.113.700" is no address'],
    [['203.0.113.7', '--metrics-port', '0'], '--metrics-port is "0": write a port from 1 to 65535'],
    [['203.0.113.7', '--node', '--node-port', '9100x'], '--node-port is "9100x"'],
    [['203.0.113.7', '--app', 'Shop'], '--app is "Shop": write 2 to 30 lower-case letters'],
    [['remove', '203.0.113.9'], '203.0.113.9 is not asked: see list'],
    [[], 'There is no address.'],
    [['--nodes', '203.0.113.7'], "Unknown option '--nodes'"],
    [['ec2', 'frankfurt'], '"frankfurt" is no AWS region'],
  ])('refuses %j', async (args, message) => {
    const { code, output } = await target(...args);
    expect(output).toContain(message);
    expect(output).not.toContain('.ts:');
    expect(code).toBe(1);
  });

  test('are addresses, whatever is written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()), (address) => {
        expect(parseAddress(parseAddress(address))).toBe(parseAddress(address));
      }),
    );
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(' ', '/', ':1/', '@', '"', '\n'), (text, mark) => {
        expect(() => parseAddress(`${text}${mark}a`)).toThrow('is no address');
      }),
    );
  });
});

describe('discovery by EC2 tag', () => {
  function discovery() {
    return parse(readFileSync(join(folder, 'scrape.d/ec2.yml'), 'utf8'));
  }

  test('asks for running instances with the tag, and is kept apart from the hosts', async () => {
    const { code, output } = await target('ec2', 'eu-central-1');
    expect(code, output).toBe(0);
    expect(output).toContain('reads this at its next start');
    const [app, proxy, ...others] = discovery().scrape_configs;
    expect(others).toEqual([]);
    expect(app).toMatchObject({ job_name: 'ec2-app', metrics_path: '/metrics' });
    expect(proxy).toMatchObject({ job_name: 'ec2-proxy', metrics_path: '/proxy/metrics' });
    expect(app.ec2_sd_configs[0]).toMatchObject({
      region: 'eu-central-1',
      port: 9464,
      filters: [
        { name: 'instance-state-name', values: ['running'] },
        { name: 'tag-key', values: ['ec2-deploy:app'] },
      ],
    });
  });

  test('finds one app, by private addresses, with node_exporter', async () => {
    await target('ec2', 'eu-central-1', '--app', 'shop', '--private', '--node', '--node-port', '9101');
    const { scrape_configs } = discovery();
    expect(scrape_configs[2]).toMatchObject({ job_name: 'ec2-node', ec2_sd_configs: [{ port: 9101 }] });
    expect(scrape_configs[0].ec2_sd_configs[0].filters).toContainEqual({
      name: 'tag:ec2-deploy:app',
      values: ['shop'],
    });
    expect(scrape_configs[0].relabel_configs[0].source_labels).toEqual(['__meta_ec2_private_ip']);
  });

  test('is switched off', async () => {
    await target('ec2', 'eu-central-1');
    await target('ec2', 'off');
    expect(discovery).toThrow('ENOENT');
  });
});
