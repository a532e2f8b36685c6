import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from '../../../scripts/checks.ts';

/** What of a committed dashboard is read here; Grafana reads more. */
export interface DashboardJson {
  uid: string;
  title: string;
  annotations: { list: { name: string; expr?: string }[] };
  panels: PanelJson[];
}

export interface PanelJson {
  id: number;
  type: string;
  title: string;
  description?: string;
  options?: { textMode?: string };
  datasource?: { uid: string };
  fieldConfig?: {
    defaults: {
      unit?: string;
      decimals?: number;
      custom?: { stacking?: { mode: string }; lineInterpolation?: string };
    };
  };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { refId: string; expr: string; legendFormat: string }[];
}

/** The committed dashboards by the name of their file, as Grafana reads them. */
export function readDashboards(): Map<string, DashboardJson> {
  const files = globSync(join(root, 'monitoring/dashboards/json/*.json')).sort();
  return new Map(files.map((file) => [basename(file, '.json'), JSON.parse(readFileSync(file, 'utf8'))]));
}

/** What Grafana puts into a query before it asks. */
export interface Variables {
  app: string;
  instance: string;
  /** As `$__rate_interval`: four times the scrape interval. */
  rateInterval: string;
}

export function withVariables(expr: string, { app, instance, rateInterval }: Variables): string {
  const filled = expr
    .replaceAll('$__rate_interval', rateInterval)
    .replaceAll('$instance', instance)
    .replaceAll('$app', app);
  if (filled.includes('$')) throw new Error(`a variable is left that nobody fills: ${filled}`);
  return filled;
}
