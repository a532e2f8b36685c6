import { docker, dockerLines } from '../cloud/docker.ts';
import { CLOUD_LABEL, containerName, networkName } from '../cloud/names.ts';
import { waitUntil } from '../cloud/wait.ts';

const IMAGE = 'ec2-deploy-cloud-postgres';
const DATABASE = 'example';
const START_SECONDS = 60;

/**
 * Starts PostgreSQL beside the hosts of a cloud, or finds the one that runs.
 * @returns its connection string, with a password made for this database; a secret
 */
export async function startDatabase(cloud: string): Promise<string> {
  const container = containerName(cloud, 'postgres');
  if (!(await isRunning(container))) await start(cloud, container);
  await waitUntil('PostgreSQL to accept connections', START_SECONDS, async () => {
    await docker('exec', container, 'pg_isready', '--host=127.0.0.1', `--dbname=${DATABASE}`);
    return true;
  });
  // Hosts' containers do not know the names in the cloud's network: they get the address.
  return `postgres://postgres:${await readPassword(container)}@${await readAddress(container)}:5432/${DATABASE}`;
}

async function isRunning(container: string): Promise<boolean> {
  return (await dockerLines('ps', '--quiet', '--filter', `name=^/${container}$`)).length > 0;
}

async function start(cloud: string, container: string): Promise<void> {
  await docker('rm', '--force', '--volumes', container);
  await docker(
    ...['run', '--detach', '--init', `--name=${container}`, `--label=${CLOUD_LABEL}=${cloud}`],
    ...[`--network=${networkName(cloud)}`, `--env=POSTGRES_DB=${DATABASE}`],
    ...[`--env=POSTGRES_PASSWORD=${crypto.randomUUID()}`, IMAGE],
  );
}

async function readPassword(container: string): Promise<string> {
  const variables: string[] = JSON.parse(await docker('inspect', '--format={{json .Config.Env}}', container));
  const password = variables.find((variable) => variable.startsWith('POSTGRES_PASSWORD='));
  return password?.slice('POSTGRES_PASSWORD='.length) ?? '';
}

function readAddress(container: string): Promise<string> {
  return docker('inspect', '--format={{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', container);
}
