/** Whether a request opened a connection of its own. */
export type Kind = 'newConnection' | 'keptAlive';

/** Counts while a probe runs. */
export interface ProbeProgress {
  /** Answered or failed so far. */
  requests: number;
  failed: number;
  labels: Record<string, number>;
}

/** The figures of one kind of connection. */
export interface KindReport {
  requests: number;
  failed: number;
  /** Milliseconds from the scheduled time to the end of the slowest answer or failure. */
  slowest: number;
}

/** What a probe saw. All times are in milliseconds from a request's scheduled time. */
export interface ProbeReport {
  requests: number;
  /** Status 400 or more, a network error, an answer cut short, or a timeout. */
  failed: number;
  /** How often each reason of a failure came. */
  reasons: Record<string, number>;
  /** Over all requests, failed ones included. */
  slowest: number;
  p50: number;
  p99: number;
  /** The longest time without a good answer, from start to stop. */
  longestGap: number;
  /** Good answers by the name that the label callback gave them. */
  labels: Record<string, number>;
  /** From start to stop. */
  duration: number;
  byKind: Record<Kind, KindReport>;
}

/** Collects the end of every request. All times are of one monotonic clock, in milliseconds. */
export class Measurements {
  readonly #started: number;
  readonly #latencies: Record<Kind, number[]> = { newConnection: [], keptAlive: [] };
  readonly #failures: Record<Kind, number> = { newConnection: 0, keptAlive: 0 };
  readonly #reasons = new Map<string, number>();
  readonly #labels = new Map<string, number>();
  #lastGood: number;
  #longestGap = 0;

  constructor(started: number) {
    this.#started = started;
    this.#lastGood = started;
  }

  answered(kind: Kind, scheduled: number, ended: number, label: string | undefined): void {
    this.#latencies[kind].push(ended - scheduled);
    this.#closeGap(ended);
    if (label !== undefined) increase(this.#labels, label);
  }

  failed(kind: Kind, scheduled: number, ended: number, reason: string): void {
    this.#latencies[kind].push(ended - scheduled);
    this.#failures[kind] += 1;
    increase(this.#reasons, reason);
  }

  progress(): ProbeProgress {
    return {
      requests: this.#latencies.newConnection.length + this.#latencies.keptAlive.length,
      failed: this.#failures.newConnection + this.#failures.keptAlive,
      labels: Object.fromEntries(this.#labels),
    };
  }

  /** @param stopped when the last request was sent; an answer that comes later closes the last gap */
  report(stopped: number): ProbeReport {
    const sorted = [...this.#latencies.newConnection, ...this.#latencies.keptAlive].sort((a, b) => a - b);
    return {
      ...this.progress(),
      reasons: Object.fromEntries(this.#reasons),
      slowest: sorted.at(-1) ?? 0,
      p50: percentile(sorted, 50),
      p99: percentile(sorted, 99),
      longestGap: Math.max(this.#longestGap, stopped - this.#lastGood),
      duration: stopped - this.#started,
      byKind: { newConnection: this.#kindReport('newConnection'), keptAlive: this.#kindReport('keptAlive') },
    };
  }

  #kindReport(kind: Kind): KindReport {
    const latencies = this.#latencies[kind];
    const slowest = latencies.reduce((slowest, latency) => Math.max(slowest, latency), 0);
    return { requests: latencies.length, failed: this.#failures[kind], slowest };
  }

  #closeGap(now: number): void {
    this.#longestGap = Math.max(this.#longestGap, now - this.#lastGood);
    this.#lastGood = Math.max(this.#lastGood, now);
  }
}

/** One line for people: `2,000 requests, 0 failed, slowest 41 ms, …`. */
export function describeReport(report: ProbeReport): string {
  const reasons = Object.entries(report.reasons).map(([reason, count]) => `${count} × ${reason}`);
  const labels = Object.entries(report.labels).map(([label, count]) => `${label}: ${count}`);
  const parts = [
    `${report.requests.toLocaleString('en')} requests`,
    `${report.failed} failed${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}`,
    `slowest ${Math.round(report.slowest)} ms`,
    `p50 ${report.p50.toFixed(1)} ms`,
    `p99 ${report.p99.toFixed(1)} ms`,
    `longest gap ${Math.round(report.longestGap)} ms`,
  ];
  return labels.length > 0 ? `${parts.join(', ')}; answered by ${labels.join(', ')}` : parts.join(', ');
}

/** Nearest-rank percentile of sorted values. */
function percentile(sorted: number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}

function increase(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
