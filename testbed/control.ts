// The process in the control container: moto, the reconciler that makes hosts, and the front server before moto.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Balancers } from './balancers/balancers.ts';
import { FRONT_PORT, REGISTRY_ALIAS, REGISTRY_INTERNAL_PORT } from './cloud/names.ts';
import { waitUntil } from './cloud/wait.ts';
import { motoAt } from './front/moto.ts';
import { startFront } from './front/server.ts';
import type { CloudSettings } from './hosts/containers.ts';
import { motoInstances, WatchedInstances } from './hosts/instances.ts';
import { Reconciler } from './hosts/reconciler.ts';

const MOTO_PORT = 5555;
const MOTO_URL = `http://127.0.0.1:${MOTO_PORT}`;
const MOTO_START_SECONDS = 300;
/** moto's account. */
const ACCOUNT_ID = '123456789012';

async function main(): Promise<void> {
  const cloud = JSON.parse(process.env['CLOUD_SETTINGS'] ?? '') as CloudSettings;
  await startMoto();
  const instances = new WatchedInstances(motoInstances(MOTO_URL, cloud.region));
  const reconciler = new Reconciler(cloud, instances);
  const instancesChanged = () => instances.changed();
  const balancers = new Balancers({
    cloud: cloud.name,
    moto: motoAt(MOTO_URL, cloud.region),
    directory: reconciler,
    instancesChanged,
  });
  await startFront({
    directory: reconciler,
    instancesChanged,
    balancers: () => balancers.list(),
    motoUrl: MOTO_URL,
    registryUrl: `http://${REGISTRY_ALIAS}:${REGISTRY_INTERNAL_PORT}`,
    port: FRONT_PORT,
    registryPort: cloud.registryPort,
    accountId: ACCOUNT_ID,
    region: cloud.region,
  });
  console.log('control: ready');
  const { signal } = new AbortController();
  await Promise.all([reconciler.run(signal), balancers.run(signal)]);
}

async function startMoto(): Promise<void> {
  const moto = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(MOTO_PORT)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  logTroubles(moto.stderr);
  moto.on('exit', (code) => {
    console.error(`control: moto ended with exit code ${code}`);
    process.exit(1);
  });
  await waitUntil(
    'moto to answer',
    MOTO_START_SECONDS,
    async () => (await fetch(`${MOTO_URL}/moto-api/`)).ok,
  );
}

/** moto logs every request; those that went well would hide everything else. */
function logTroubles(output: Readable): void {
  createInterface(output).on('line', (line) => {
    if (!/ HTTP\/1\.1" [23]\d\d /.test(line)) {
      console.error(`moto: ${line}`);
    }
  });
}

await main();
