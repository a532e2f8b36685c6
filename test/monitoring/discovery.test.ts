import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ec2ScrapeConfig } from '../../monitoring/ec2-discovery.ts';
import { run } from '../../scripts/checks.ts';
import { Prometheus } from './support/prometheus.ts';
import { bringMonitoringImages, imageOf } from './support/tools.ts';
import { until } from './support/until.ts';

const name = `monitoring-discovery-${process.pid}`;
const credentials = ['--env', 'AWS_ACCESS_KEY_ID=test', '--env', 'AWS_SECRET_ACCESS_KEY=test'];
let folder: string;
let ec2: EC2Client;
let prometheus: Prometheus;

async function docker(...args: string[]): Promise<string> {
  const { code, output } = await run('docker', args);
  if (code !== 0) throw new Error(`docker ${args.join(' ')} ended with ${code}:\n${output}`);
  return output.trim();
}

/** Starts an instance, with the tag of an app if one is named. */
async function startInstance(app?: string): Promise<string> {
  const Tags = [{ Key: 'Name', Value: 'any' }];
  if (app !== undefined) Tags.push({ Key: 'ec2-deploy:app', Value: app });
  const { Instances: [instance] = [] } = await ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-12c6146b',
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [{ ResourceType: 'instance', Tags }],
    }),
  );
  if (instance?.InstanceId === undefined) throw new Error('the emulated EC2 started no instance');
  return instance.InstanceId;
}

async function addressOf(id: string): Promise<string> {
  const { Reservations: [reservation] = [] } = await ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [id] }),
  );
  return reservation?.Instances?.[0]?.PublicIpAddress ?? '';
}

beforeAll(async () => {
  await bringMonitoringImages();
  folder = mkdtempSync(join(tmpdir(), 'monitoring-discovery-'));
  // Prometheus runs as another user.
  chmodSync(folder, 0o755);
  await docker('network', 'create', name);
  const emulator = ['ec2-deploy-cloud-control:latest', 'moto_server', '-H', '0.0.0.0', '-p', '5555'];
  // A name with a dot, as every name in AWS has.
  const network = ['--network', name, '--network-alias', 'ec2.test'];
  const port = ['--publish', '127.0.0.1::5555'];
  await docker('run', '--detach', '--name', `${name}-ec2`, ...port, ...network, ...emulator);
  ec2 = new EC2Client({
    endpoint: `http://${await docker('port', `${name}-ec2`, '5555')}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const answers = async () => (await ec2.send(new DescribeInstancesCommand({}))).Reservations !== undefined;
  await until('the emulated EC2 answers', answers);
});

afterAll(async () => {
  await run('docker', ['rm', '--force', '--volumes', `${name}-ec2`, `${name}-prometheus`]);
  await run('docker', ['network', 'rm', name]);
  rmSync(folder, { recursive: true, force: true });
});

test('Prometheus finds the running hosts of an app by their tag', { timeout: 90_000 }, async () => {
  const shop = await startInstance('shop');
  await startInstance('another');
  await startInstance();
  const stopped = await startInstance('shop');
  await ec2.send(new StopInstancesCommand({ InstanceIds: [stopped] }));

  const ports = { metricsPort: '9464', nodePort: '9100' };
  const discovery = { region: 'eu-central-1', app: 'shop', usePrivateAddress: false, ...ports };
  writeFileSync(join(folder, 'jobs.yml'), ec2ScrapeConfig(discovery, 'http://ec2.test:5555'));
  writeFileSync(join(folder, 'prometheus.yml'), 'scrape_config_files: [/etc/prometheus/jobs.yml]\n');
  await docker(
    ...['run', '--detach', '--name', `${name}-prometheus`, '--network', name, '--publish', '127.0.0.1::9090'],
    ...[...credentials, '--volume', `${folder}:/etc/prometheus:ro`, imageOf('prometheus')],
  );
  prometheus = new Prometheus(`http://${await docker('port', `${name}-prometheus`, '9090')}`);
  await until('Prometheus has three targets', async () => (await prometheus.targets()).length >= 3);

  const address = await addressOf(shop);
  const targets = (await prometheus.targets()).map(({ labels, scrapeUrl }) => ({ ...labels, scrapeUrl }));
  expect(targets.sort((one, other) => one.scrapeUrl.localeCompare(other.scrapeUrl))).toEqual([
    { app: 'shop', instance: shop, job: 'node', scrapeUrl: `http://${address}:9100/metrics` },
    { app: 'shop', instance: shop, job: 'app', scrapeUrl: `http://${address}:9464/metrics` },
    { app: 'shop', instance: shop, job: 'proxy', scrapeUrl: `http://${address}:9464/proxy/metrics` },
  ]);
});
