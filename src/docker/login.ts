import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes a configuration folder for docker that has everything of the user's own, plugins and builders too, and room for one login more.
 * A login in the user's own folder would be everybody's on that machine, and the first job that ends would take it from the others.
 * @param registry whose login goes into the folder's file, whatever credential helper the user has
 * @returns the folder, for DOCKER_CONFIG
 */
export async function makeDockerConfig(registry: string): Promise<string> {
  const own = process.env['DOCKER_CONFIG'] || join(homedir(), '.docker');
  const folder = await mkdtemp(join(process.env['RUNNER_TEMP'] || tmpdir(), 'ec2-deploy-docker-'));
  const entries = await readdir(own).catch(() => []);
  await Promise.all(
    entries.filter((name) => name !== configFile).map((name) => symlink(join(own, name), join(folder, name))),
  );
  const text = await readFile(join(own, configFile), 'utf8').catch(() => '{}');
  await writeFile(join(folder, configFile), withFileStore(text, registry), { mode: 0o600 });
  return folder;
}

const configFile = 'config.json';

/**
 * The configuration with logins to the registry kept in its own file: an empty helper's name means that.
 * Source: docker/cli, ConfigFile.GetCredentialsStore and getConfiguredCredentialStore.
 * @param text of the user's config.json
 */
export function withFileStore(text: string, registry: string): string {
  const config = JSON.parse(text);
  return JSON.stringify({ ...config, credHelpers: { ...config.credHelpers, [registry]: '' } });
}

/** Removes the folder, and the login with it. */
export async function removeDockerConfig(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
