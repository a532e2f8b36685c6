// Tells Prometheus which hosts to ask: `npm run monitoring:target -- ADDRESS…`.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ec2ScrapeConfig, parseRegion } from './ec2-discovery.ts';
import {
  ArgumentError,
  parseAddress,
  parseApp,
  parsePort,
  type Target,
  type TargetSettings,
  withoutTargets,
  withTargets,
} from './targets.ts';

const USAGE = `usage: npm run monitoring:target -- COMMAND
  ADDRESS…  or  add ADDRESS…   asks these hosts; options: --app NAME (example-app), --metrics-port PORT (9464),
                               --node (they run node_exporter), --node-port PORT (9100)
  list                         says which hosts are asked
  remove ADDRESS…              no longer asks them
  ec2 REGION                   finds hosts by the tag ec2-deploy:app; options: --app NAME (all), --private (private
                               addresses), --metrics-port, --node, --node-port
  ec2 off                      no longer does`;

// Set by tests, so that they leave this installation alone.
const folder = process.env['MONITORING_FOLDER'] ?? join(import.meta.dirname, 'prometheus');
const targetsFile = join(folder, 'targets', 'hosts.json');
const ec2File = join(folder, 'scrape.d', 'ec2.yml');

function readArguments() {
  return parseArgs({
    allowPositionals: true,
    options: {
      app: { type: 'string' },
      'metrics-port': { type: 'string', default: '9464' },
      node: { type: 'boolean', default: false },
      'node-port': { type: 'string', default: '9100' },
      private: { type: 'boolean', default: false },
    },
  });
}

type Options = ReturnType<typeof readArguments>['values'];

function portsOf(options: Options): Omit<TargetSettings, 'app'> {
  const metricsPort = parsePort('--metrics-port', options['metrics-port']);
  return options.node
    ? { metricsPort, nodePort: parsePort('--node-port', options['node-port']) }
    : { metricsPort };
}

function readTargets(): Target[] {
  try {
    return JSON.parse(readFileSync(targetsFile, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new ArgumentError(`${targetsFile} cannot be read: mend it or remove it (${error})`);
  }
}

/** Whole, by a rename: Prometheus reads the file whenever it changes. */
function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

function writeTargets(targets: Target[]): void {
  writeWhole(targetsFile, `${JSON.stringify(targets, null, 2)}\n`);
}

function addresses(texts: string[]): string[] {
  if (texts.length === 0) throw new ArgumentError(`There is no address.\n${USAGE}`);
  return [...new Set(texts.map(parseAddress))];
}

function add(texts: string[], options: Options): string {
  const added = addresses(texts);
  const settings = { app: parseApp(options.app ?? 'example-app'), ...portsOf(options) };
  writeTargets(withTargets(readTargets(), added, settings));
  return `Prometheus asks ${added.join(', ')} within half a minute.`;
}

function remove(texts: string[]): string {
  const removed = addresses(texts);
  const current = readTargets();
  const unknown = removed.filter((address) => !current.some(({ targets }) => targets[0] === address));
  if (unknown.length > 0) throw new ArgumentError(`${unknown.join(', ')} is not asked: see list`);
  writeTargets(withoutTargets(current, removed));
  return `Prometheus no longer asks ${removed.join(', ')}.`;
}

function line({ targets: [address], labels }: Target): string {
  const node = labels.__node_port === undefined ? '' : `, node_exporter on ${labels.__node_port}`;
  return `${address}  ${labels.app}, metrics on ${labels.__metrics_port}${node}`;
}

function list(): string {
  const targets = readTargets();
  return targets.length === 0 ? 'No host is asked yet: add one.' : targets.map(line).join('\n');
}

async function ec2([region = '', ...rest]: string[], options: Options): Promise<string> {
  if (rest.length > 0) throw new ArgumentError(`"${rest[0]}" is too much: write one region, or off`);
  if (region === 'off') {
    rmSync(ec2File, { force: true });
    return `Hosts are no longer found by their tag. ${await reload()}`;
  }
  const app = options.app === undefined ? {} : { app: parseApp(options.app) };
  const discovery = { region: parseRegion(region), usePrivateAddress: options.private };
  writeWhole(ec2File, ec2ScrapeConfig({ ...discovery, ...app, ...portsOf(options) }));
  return `Hosts in ${region} are found by the tag ec2-deploy:app. ${await reload()}`;
}

/** Targets are read when they change, scrape jobs only on request. */
async function reload(): Promise<string> {
  const address = `http://127.0.0.1:${process.env['PROMETHEUS_PORT'] ?? '9090'}`;
  try {
    const answer = await fetch(`${address}/-/reload`, { method: 'POST', signal: AbortSignal.timeout(5_000) });
    if (answer.ok) return 'Prometheus has read it.';
    throw new ArgumentError(`Prometheus refuses its configuration: ${await answer.text()}`);
  } catch (error) {
    if (error instanceof ArgumentError) throw error;
    return `Prometheus at ${address} does not answer: it reads this at its next start.`;
  }
}

async function run([command = '', ...rest]: string[], options: Options): Promise<string> {
  if (command === 'add') return add(rest, options);
  if (command === 'list') return list();
  if (command === 'remove') return remove(rest);
  if (command === 'ec2') return await ec2(rest, options);
  return add(command === '' ? [] : [command, ...rest], options);
}

try {
  const { positionals, values } = readArguments();
  console.log(await run(positionals, values));
} catch (error) {
  const isKnown = error instanceof ArgumentError || (error instanceof TypeError && 'code' in error);
  console.error(isKnown ? error.message : error);
  process.exitCode = 1;
}
