import { Counter, Gauge, type Registry } from 'prom-client';
import { type Tally, TallyHistogram } from './util/tally.ts';

const DURATION_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Why a request was turned away before any work was done for it. */
export type RefusalReason = 'rate' | 'overload';

/** The answers to one method on one route. */
export interface RouteCounts {
  readonly method: string;
  readonly route: string;
  readonly durations: Tally;
  readonly byStatus: Map<number, number>;
}

/** Counts requests in plain numbers; prom-client gets them when it is scraped. */
export class RequestMetrics {
  /** Requests that are being worked on. */
  inFlight = 0;
  readonly #counts = new Map<string, Map<string, RouteCounts>>();
  readonly #refused: Record<RefusalReason, number> = { rate: 0, overload: 0 };
  readonly #durations: TallyHistogram<'method' | 'route'>;

  constructor(registry: Registry) {
    this.#durations = new TallyHistogram({
      name: 'http_request_duration_seconds',
      help: 'Time from a request to its answer, by the pattern of its route.',
      labelNames: ['method', 'route'],
      buckets: DURATION_BUCKETS_SECONDS,
      registers: [registry],
    });
    this.#showTotals(registry);
    this.#showRefused(registry);
    this.#showInFlight(registry);
  }

  /**
   * Counts an answered request.
   * @param route the route's pattern, never the raw path, of which there is no end.
   */
  count(method: string, route: string, status: number, seconds: number): void {
    const { durations, byStatus } = this.of(method, route);
    durations.observe(seconds);
    byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
  }

  countRefused(reason: RefusalReason): void {
    this.#refused[reason]++;
  }

  of(method: string, route: string): RouteCounts {
    return this.#counts.get(route)?.get(method) ?? this.#add(method, route);
  }

  #add(method: string, route: string): RouteCounts {
    const durations = this.#durations.tally({ method, route });
    const counts = { method, route, durations, byStatus: new Map<number, number>() };
    const methods = this.#counts.get(route) ?? new Map<string, RouteCounts>();
    this.#counts.set(route, methods.set(method, counts));
    return counts;
  }

  #showTotals(registry: Registry): void {
    const all = this.#counts;
    new Counter({
      name: 'http_requests_total',
      help: 'Answered requests. Status 499: the client left before its answer.',
      labelNames: ['method', 'route', 'status'],
      registers: [registry],
      collect() {
        this.reset();
        for (const { method, route, byStatus } of [...all.values()].flatMap((methods) => [
          ...methods.values(),
        ])) {
          for (const [status, count] of byStatus) this.inc({ method, route, status }, count);
        }
      },
    });
  }

  #showRefused(registry: Registry): void {
    const refused = this.#refused;
    new Counter({
      name: 'http_requests_refused_total',
      help: 'Requests turned away: too many from one client (rate), too many at once (overload).',
      labelNames: ['reason'],
      registers: [registry],
      collect() {
        this.reset();
        this.inc({ reason: 'rate' }, refused.rate);
        this.inc({ reason: 'overload' }, refused.overload);
      },
    });
  }

  #showInFlight(registry: Registry): void {
    const inFlight = () => this.inFlight;
    new Gauge({
      name: 'http_requests_in_flight',
      help: 'Requests that are being worked on.',
      registers: [registry],
      collect() {
        this.set(inFlight());
      },
    });
  }
}
