// The first boot of a host, with stand-ins for the programs that it calls.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bootScript } from '../../scripts/boot-script.ts';
import { templateOf } from './support/templates.ts';

const single = templateOf('single-instance.yaml');
let folder: string;
let commands: Map<string, string>;

/** Stands in for a program: notes its arguments and then does as told. A function, since a program takes longer to start. */
function command(name: string, body = 'true'): void {
  commands.set(name, `${name}() {\n${noting(name)}\n${body}\n}`);
}

function noting(name: string): string {
  return `echo "${name} $*" >>"${folder}/calls"`;
}

/** Boots a host with everything that it writes below the folder of this test. */
function boot(parameters: Record<string, string> = {}) {
  const script = bootScript(single, 'HostTemplate', parameters).replaceAll(
    /(?<![\w.:}/-])\/(?=(?:var|etc|opt|swapfile))/g,
    `${folder}/`,
  );
  // What runs on in the background holds the pipe of standard error until it has ended.
  const { status, stderr } = spawnSync('bash', ['-c', [...commands.values(), script, 'wait'].join('\n')], {
    env: { PATH: '/usr/bin:/bin' },
    encoding: 'utf8',
  });
  const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
  return {
    status,
    calls,
    errors: stderr,
    signals: calls.filter((call) => call.startsWith('aws cloudformation')),
  };
}

function signalled(status: string): string {
  return (
    'aws cloudformation signal-resource --region REGION --stack-name STACK --logical-resource-id Host ' +
    `--unique-id i-0123456789abcdef0 --status ${status}`
  );
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'first-boot-'));
  commands = new Map();
  for (const name of ['systemctl', 'dnf', 'docker', 'dd', 'mkswap', 'swapon', 'curl']) command(name);
  // A host that serves asks every minute: here it is away before the first.
  command('sleep', '[[ $1 != 60 ]] || exit');
  // There is no live plan yet.
  command('aws', '[[ $1 == cloudformation ]]');
  for (const path of ['etc', 'var/lib/cloud/data', 'var/log'])
    mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, 'var/lib/cloud/data/instance-id'), 'i-0123456789abcdef0\n');
});

afterEach(() => rmSync(folder, { recursive: true }));

test('fits into user data with everything asked for', () => {
  for (const file of ['single-instance.yaml', 'fleet.yaml'])
    expect(Buffer.byteLength(bootScript(templateOf(file), 'HostTemplate'))).toBeLessThan(16_384);
});

test('is the same for one host and for a fleet, but for the resource that is told', () => {
  const fleet = bootScript(templateOf('fleet.yaml'), 'HostTemplate');
  expect(fleet.replace('resource=Group', 'resource=Host')).toBe(bootScript(single, 'HostTemplate'));
});

test('installs the engine, has it started with every boot, and tells CloudFormation', () => {
  const { status, calls, signals } = boot();
  expect(status).toBe(0);
  expect(calls.slice(0, 2)).toEqual(['dnf install -y docker', 'systemctl enable --now docker']);
  expect(signals).toEqual([signalled('SUCCESS')]);
  expect(calls.filter((call) => /^(?:dd|swapon|docker|curl)/.test(call))).toEqual([]);
});

test('waits until the agent’s update lets go of the package database', () => {
  command('dnf', `[[ $(grep -c ^dnf "${folder}/calls") -gt 3 ]]`);
  const { status, calls, signals } = boot();
  expect(status).toBe(0);
  expect(calls.filter((call) => call.startsWith('dnf'))).toHaveLength(4);
  expect(signals).toEqual([signalled('SUCCESS')]);
});

test('fails the boot, saying what it gave up, when the engine cannot be installed, and tells CloudFormation', () => {
  command('dnf', 'return 1');
  const { status, calls, errors, signals } = boot();
  expect(status).toBe(1);
  expect(errors).toContain('gave up: dnf install -y docker');
  expect(calls).not.toContain('systemctl enable --now docker');
  expect(signals).toEqual([signalled('FAILURE')]);
});

test('boots even when CloudFormation cannot be told', () => {
  command('aws', 'return 255');
  expect(boot().status).toBe(0);
  expect(readFileSync(join(folder, 'var/log/ec2-deploy-boot.log'), 'utf8')).toContain(
    'CloudFormation was not told SUCCESS',
  );
});

describe('a host that replaces another', () => {
  // There is a live plan, and no document.
  beforeEach(() => command('aws', '[[ $2 != get-document ]]'));

  test('is ready when the live release answers', () => {
    command('curl', `[[ $(grep -c ^curl "${folder}/calls") -gt 2 ]]`);
    const { calls, signals } = boot({ HealthPath: '/up' });
    expect(calls.filter((call) => call.startsWith('curl')).at(-1)).toMatch(/ http:\/\/127\.0\.0\.1\/up$/);
    expect(calls.filter((call) => call.startsWith('curl'))).toHaveLength(3);
    expect(signals).toEqual([signalled('SUCCESS')]);
  });

  test('is given up when it does not answer in time', () => {
    command('curl', 'return 22');
    const { status, signals } = boot();
    expect(status).toBe(0);
    expect(signals).toEqual([signalled('FAILURE')]);
  });
});

describe('a host that registers while a deploy is under way', () => {
  const program = (calls: string[]) => calls.filter((call) => call.startsWith('program'));

  beforeEach(() => {
    const says = `echo "program plan='{{ plan }}' app='{{ app }}' region='{{ region }}'" >>"${folder}/calls"`;
    const document = { mainSteps: [{ inputs: { runCommand: [says] } }] };
    writeFileSync(join(folder, 'document.json'), JSON.stringify(document));
    command('aws', `[[ $2 != get-document ]] || echo "$(<"${folder}/document.json")"`);
  });

  test('runs the program of its document until it serves', () => {
    command('curl', `[[ $(grep -c ^program "${folder}/calls") -ge 2 ]]`);
    const { calls, signals } = boot();
    const served = calls.indexOf(signalled('SUCCESS'));
    expect(program(calls.slice(0, served))).toEqual([
      "program plan='' app='APP' region='REGION'",
      "program plan='' app='APP' region='REGION'",
    ]);
    expect(signals).toHaveLength(1);
  });

  test('goes on to ask every minute, until the schedule of its association does', () => {
    command('sleep');
    // Python starts too slowly for so many rounds: here the program comes as it is, without a document around it.
    command('aws', `[[ $2 != get-document ]] || echo 'echo program >>"${folder}/calls"'`);
    command('python3', 'echo "$(</dev/stdin)"');
    const { calls } = boot();
    const after = calls.slice(calls.indexOf(signalled('SUCCESS')));
    expect(program(after)).toHaveLength(30);
    expect(after.filter((call) => call === 'sleep 60')).toHaveLength(30);
  });
});

test('adds swap, and keeps it for the next boot', () => {
  writeFileSync(join(folder, 'etc/fstab'), 'UUID=1 / xfs defaults 0 1\n');
  const { calls } = boot({ SwapSize: '512' });
  expect(calls.slice(0, 3)).toEqual([
    `dd if=/dev/zero of=${folder}/swapfile bs=1M count=512 status=none`,
    `mkswap ${folder}/swapfile`,
    `swapon ${folder}/swapfile`,
  ]);
  expect(readFileSync(join(folder, 'etc/fstab'), 'utf8').split('\n')).toHaveLength(3);
});

test('has the engine send logs before it starts', () => {
  const { calls } = boot({ ContainerLogs: 'cloudwatch' });
  expect(calls[1]).toBe('systemctl enable --now docker');
  expect(JSON.parse(readFileSync(join(folder, 'etc/docker/daemon.json'), 'utf8'))).toEqual({
    'log-driver': 'awslogs',
    'log-opts': {
      'awslogs-region': 'REGION',
      'awslogs-group': '/ec2-deploy/APP',
      tag: '{{.Name}}/{{.ID}}',
      mode: 'non-blocking',
      'max-buffer-size': '4m',
    },
  });
});

test('runs the CloudWatch agent with a configuration that it can read', () => {
  const agent = join(folder, 'opt/aws/amazon-cloudwatch-agent');
  mkdirSync(join(agent, 'bin'), { recursive: true });
  writeFileSync(join(agent, 'bin/amazon-cloudwatch-agent-ctl'), `#!/bin/bash\n${noting('ctl')}\n`, {
    mode: 0o755,
  });
  const { calls, status } = boot({ CloudWatchAgent: 'true' });
  expect(status).toBe(0);
  expect(calls).toContain('dnf install -y amazon-cloudwatch-agent');
  expect(calls).toContain(`ctl -a fetch-config -m ec2 -s -c file:${agent}/etc/ec2-deploy.json`);
  const { metrics } = JSON.parse(readFileSync(join(agent, 'etc/ec2-deploy.json'), 'utf8'));
  expect(Object.keys(metrics.metrics_collected)).toEqual(['mem', 'disk']);
});

test('starts node_exporter if asked for, and boots without it if that fails', () => {
  command('docker', 'return 125');
  const { status, calls, errors, signals } = boot({ NodeExporter: 'true' });
  const run = calls.find((call) => call.startsWith('docker run'));
  expect(run).toMatch(/--restart unless-stopped .* quay\.io\/prometheus\/node-exporter:v\d+\.\d+\.\d+ /);
  expect(status).toBe(0);
  expect(errors).toContain('node_exporter was not started');
  expect(signals).toEqual([signalled('SUCCESS')]);
  expect(existsSync(join(folder, 'etc/docker/daemon.json'))).toBe(false);
});
