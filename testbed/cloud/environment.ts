import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DEFAULT_CLOUD } from './names.ts';

const REPOSITORY_ROOT = join(import.meta.dirname, '..', '..');

/** What a runner needs to use a cloud: the variables of its env file. */
export interface CloudEnvironment {
  AWS_ENDPOINT_URL: string;
  AWS_REGION: string;
  AWS_ACCESS_KEY_ID: string;
  AWS_SECRET_ACCESS_KEY: string;
  /** Comma-separated. */
  CLOUD_INSTANCE_IDS: string;
  /** Comma-separated 127.0.0.1:PORT of each host's port 80, in the order of the ids. */
  CLOUD_HOST_ADDRESSES: string;
  CLOUD_REPOSITORY: string;
}

/** Path of a cloud's env file: .cloud/env, or .cloud/NAME/env for a cloud with another name than the default. */
export function environmentFile(cloud: string): string {
  const folder = join(REPOSITORY_ROOT, '.cloud');
  return cloud === DEFAULT_CLOUD ? join(folder, 'env') : join(folder, cloud, 'env');
}

/** Writes the env file as lines that a shell can source. Its values need no quotes: ids, addresses and names. */
export async function writeEnvironment(cloud: string, environment: CloudEnvironment): Promise<void> {
  const file = environmentFile(cloud);
  await mkdir(dirname(file), { recursive: true });
  // Version 1 of the AWS CLI knows the region by another name.
  const variables = { ...environment, AWS_DEFAULT_REGION: environment.AWS_REGION };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${value}\n`);
  await writeFile(file, lines.join(''));
}

/**
 * Reads the env file of a running cloud.
 *
 * @throws Error that says how to start the cloud if there is none
 */
export async function readEnvironment(cloud: string = DEFAULT_CLOUD): Promise<CloudEnvironment> {
  const file = environmentFile(cloud);
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Error(
      `the local cloud ${cloud} is not running (there is no ${file}): start it with npm run cloud -- up`,
    );
  });
  const variables = text.matchAll(/^export (\w+)=(.*)$/gm);
  return Object.fromEntries(
    [...variables].map(([, name, value]) => [name, value]),
  ) as unknown as CloudEnvironment;
}

/** Removes the env file, and the folder of a named cloud. */
export async function removeEnvironment(cloud: string): Promise<void> {
  const file = environmentFile(cloud);
  await rm(cloud === DEFAULT_CLOUD ? file : dirname(file), { recursive: true, force: true });
}
