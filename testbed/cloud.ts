// The command line of the local cloud: npm run cloud -- COMMAND.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { clearFaults, injectFault, listHosts } from './cloud/client.ts';
import { environmentFile } from './cloud/environment.ts';
import { accessTo, down, isRunning, up } from './cloud/lifecycle.ts';
import { containerName, DEFAULT_CLOUD } from './cloud/names.ts';

const USAGE = `usage: npm run cloud -- COMMAND
  up [--hosts N]              start the local cloud with at least N hosts (default 1), or complete the running one
  down                        stop it and remove everything that belongs to it
  status                      show its endpoint and hosts
  logs [INSTANCE]             show the log of the control plane, or of an instance's boot and engine
  exec INSTANCE -- COMMAND    run a command on an instance's host as root
  fault JSON | fault clear    inject a fault, or take all faults back (testbed/README.md lists them)
CLOUD_NAME names another cloud than ${DEFAULT_CLOUD}.`;

class UsageError extends Error {}

const name = process.env['CLOUD_NAME'] || DEFAULT_CLOUD;

const commands: Record<string, (args: string[]) => Promise<void>> = {
  up: startCloud,
  down: () => down(name),
  status: showStatus,
  logs: showLogs,
  exec: runOnHost,
  fault: changeFaults,
};

async function startCloud(args: string[]): Promise<void> {
  const { values } = parseOptions(args);
  const hosts = values.hosts ?? '1';
  if (!/^\d{1,2}$/.test(hosts)) {
    throw new UsageError(`--hosts must be a number from 0 to 99, not '${hosts}'`);
  }
  await up({ name, hosts: Number(hosts), log: (line) => console.log(line) });
  await showStatus();
  console.log(`\nTo use it: . ${environmentFile(name)}`);
}

function parseOptions(args: string[]) {
  try {
    return parseArgs({ args, options: { hosts: { type: 'string' } } });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function showStatus(): Promise<void> {
  if (!(await isRunning(name))) {
    console.log(`${name} is not running`);
    return;
  }
  const access = await accessTo(name);
  console.log(`${name} is running at ${access.AWS_ENDPOINT_URL}`);
  for (const host of await listHosts(access)) {
    const address = host.publishedAddress ? `http://${host.publishedAddress}/` : 'stopped';
    console.log(`  ${host.instanceId}  agent ${host.agent}  ${address}  ${host.privateAddress}`);
  }
}

async function showLogs([instanceId]: string[]): Promise<void> {
  if (instanceId === undefined) {
    await run('docker', ['logs', containerName(name, 'control')]);
  } else {
    const files = ['/var/log/cloud-init-output.log', '/var/log/dockerd.log'];
    await run('docker', ['exec', await containerOf(instanceId), 'sh', '-c', `tail -n +1 ${files.join(' ')}`]);
  }
}

async function runOnHost(args: string[]): Promise<void> {
  const [instanceId, separator, ...command] = args;
  if (instanceId === undefined || separator !== '--' || command.length === 0) {
    throw new UsageError('exec needs an instance and a command: exec INSTANCE -- COMMAND');
  }
  const terminal = process.stdin.isTTY && process.stdout.isTTY ? ['--tty'] : [];
  await run('docker', ['exec', '--interactive', ...terminal, await containerOf(instanceId), ...command]);
}

async function containerOf(instanceId: string): Promise<string> {
  const hosts = await listHosts(await accessTo(name));
  const host = hosts.find((candidate) => candidate.instanceId === instanceId);
  if (!host) {
    const known = hosts.map((candidate) => candidate.instanceId).join(', ') || 'none';
    throw new UsageError(`there is no instance '${instanceId}'; there is: ${known}`);
  }
  return host.container;
}

async function changeFaults([fault]: string[]): Promise<void> {
  if (fault === undefined) {
    throw new UsageError('fault needs JSON, or clear');
  }
  const access = await accessTo(name);
  await (fault === 'clear' ? clearFaults(access) : injectFault(access, fault));
}

/** Runs a command on this terminal; its exit code becomes ours. */
function run(command: string, args: string[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawn(command, args, { stdio: 'inherit' });
  child.on('error', reject);
  child.on('close', (code) => {
    process.exitCode = code ?? 1;
    resolve();
  });
  return promise;
}

async function main([word = '', ...args]: string[]): Promise<void> {
  if (word === '--help') {
    console.log(USAGE);
    return;
  }
  const command = commands[word];
  if (!command) {
    throw new UsageError(word === '' ? 'no command' : `unknown command '${word}'`);
  }
  await command(args);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof UsageError) {
    console.error(USAGE);
  }
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
