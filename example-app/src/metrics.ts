import type { Router } from '@koa/router';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  readonly requestDuration: Histogram<'method' | 'route' | 'status'>;
}

const DURATION_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Makes the app's metrics, in a registry of their own. */
export function createMetrics(build: { version: string; release: string | null }): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'app_info',
    help: 'Always 1; the labels say what runs.',
    labelNames: ['version', 'release'],
    registers: [registry],
  }).set({ version: build.version, release: build.release ?? '' }, 1);
  const requestDuration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to its answer.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: DURATION_BUCKETS_SECONDS,
    registers: [registry],
  });
  return { registry, requestDuration };
}

export function addMetricsRoutes(router: Router, { registry }: Metrics): void {
  router.get('/metrics', async (context) => {
    context.body = await registry.metrics();
    context.set('Content-Type', registry.contentType);
  });
}
