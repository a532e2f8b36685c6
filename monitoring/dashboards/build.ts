// Writes json/, which Grafana reads: `npm run monitoring:dashboards`.
import { globSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { database } from './database.ts';
import { build, type DashboardSource } from './frame.ts';
import { model } from './model.ts';
import { process as processAndHost } from './process.ts';
import { rollouts } from './rollouts.ts';
import { service } from './service.ts';

/** Where the built dashboards are. */
export const dashboardsFolder = join(import.meta.dirname, 'json');

const sources: readonly DashboardSource[] = [service, rollouts, model, database, processAndHost];

/** Returns each dashboard's file name and text. */
export function dashboardFiles(): Map<string, string> {
  return new Map(
    sources.map((source) => [`${source.uid}.json`, `${JSON.stringify(build(source), null, 2)}\n`]),
  );
}

function write(): void {
  for (const file of globSync(join(dashboardsFolder, '*.json'))) rmSync(file);
  for (const [name, text] of dashboardFiles()) writeFileSync(join(dashboardsFolder, name), text);
}

if (import.meta.main) write();
