import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type CommandResult, root, run } from '../../../scripts/checks.ts';

const { services }: { services: Record<string, { image: string }> } = parse(
  readFileSync(join(root, 'monitoring/compose.yaml'), 'utf8'),
);

/** Makes sure that docker compose and the images are there. */
export async function bringMonitoringImages(): Promise<void> {
  const { code, output } = await run('sh', ['scripts/setup.sh', '--monitoring']);
  if (code !== 0) throw new Error(output);
}

/** The image that monitoring/compose.yaml starts for a service. */
export function imageOf(service: string): string {
  const image = services[service]?.image;
  if (image === undefined) throw new Error(`monitoring/compose.yaml has no service ${service}`);
  return image;
}

/** Runs promtool of the image that monitoring/compose.yaml starts, in the repository's folder. */
export async function promtool(...args: string[]): Promise<CommandResult> {
  return await tool('prometheus', 'promtool', args);
}

/** Runs amtool, likewise. */
export async function amtool(...args: string[]): Promise<CommandResult> {
  return await tool('alertmanager', 'amtool', args);
}

async function tool(service: string, entrypoint: string, args: string[]): Promise<CommandResult> {
  // The configuration names its rules where the container of Prometheus has them.
  const mounts = [`${root}:/repository:ro`, `${root}/monitoring/prometheus:/etc/prometheus:ro`];
  return await run('docker', [
    // They end before it is worth while to look for memory that is free again.
    ...['run', '--rm', '--network', 'none', '--workdir', '/repository', '--env', 'GOGC=400'],
    ...mounts.flatMap((mount) => ['--volume', mount]),
    ...['--entrypoint', entrypoint, imageOf(service), ...args],
  ]);
}
