import type { Router } from '@koa/router';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { RequestMetrics } from './request-metrics.ts';
import { type Tally, TallyHistogram } from './util/tally.ts';

const INFERENCE_BUCKETS_SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
];
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** The counts that pg's pool has of itself. */
export interface PoolStatus {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** What identifies the loaded model. */
export interface ModelIdentity {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
}

/** The app's metrics, in a registry of their own. The README lists them. */
export class Metrics {
  readonly registry = new Registry();
  readonly requests: RequestMetrics;
  readonly #predictions = new Map<string, number>();
  readonly #predictionDuration: Tally;
  readonly #batchSize: Tally;

  constructor(build: { version: string; release: string | null }) {
    collectDefaultMetrics({ register: this.registry });
    this.#info('app_info', { version: build.version, release: build.release ?? '' });
    this.requests = new RequestMetrics(this.registry);
    this.#countPredictions();
    this.#predictionDuration = this.#histogram({
      name: 'prediction_duration_seconds',
      help: 'Time of one run of the model, whatever the number of texts in it.',
      buckets: INFERENCE_BUCKETS_SECONDS,
    });
    this.#batchSize = this.#histogram({
      name: 'prediction_batch_size',
      help: 'Texts in one run of the model.',
      buckets: BATCH_BUCKETS,
    });
  }

  /** One run of the model over `size` texts is done. */
  observeRun(size: number, seconds: number): void {
    this.#batchSize.observe(size);
    this.#predictionDuration.observe(seconds);
  }

  /** One text was given this label. */
  countPrediction(label: string): void {
    this.#predictions.set(label, (this.#predictions.get(label) ?? 0) + 1);
  }

  /** Names the model that is loaded; once. */
  showModel({ name, version, digest }: ModelIdentity): void {
    this.#info('model_info', { name, version, digest });
  }

  /** Shows the pool's connections from now on. */
  showPool(pool: PoolStatus, limit: number): void {
    const registers = [this.registry];
    new Gauge({
      name: 'database_pool_connections',
      help: 'Open connections to the database.',
      labelNames: ['state'],
      registers,
      collect() {
        this.set({ state: 'idle' }, pool.idleCount);
        this.set({ state: 'used' }, pool.totalCount - pool.idleCount);
      },
    });
    new Gauge({
      name: 'database_pool_waiting',
      help: 'Requests that wait for a connection.',
      registers,
      collect() {
        this.set(pool.waitingCount);
      },
    });
    new Gauge({
      name: 'database_pool_limit',
      help: 'Most connections that the pool opens.',
      registers,
    }).set(limit);
  }

  #countPredictions(): void {
    const predictions = this.#predictions;
    new Counter({
      name: 'predictions_total',
      help: 'Predictions by label.',
      labelNames: ['label'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [label, count] of predictions) this.inc({ label }, count);
      },
    });
  }

  #histogram(description: { name: string; help: string; buckets: number[] }): Tally {
    return new TallyHistogram({ ...description, registers: [this.registry] }).tally({});
  }

  #info(name: string, labels: Record<string, string>): void {
    new Gauge({
      name,
      help: 'Always 1; the labels say what runs.',
      labelNames: Object.keys(labels),
      registers: [this.registry],
    }).set(labels, 1);
  }
}

export function addMetricsRoutes(router: Router, { registry }: Metrics): void {
  router.get('/metrics', async (context) => {
    context.body = await registry.metrics();
    context.set('Content-Type', registry.contentType);
  });
}
