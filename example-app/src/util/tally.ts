import { Histogram, type HistogramConfiguration, type MetricValueWithName } from 'prom-client';

/**
 * The observations of one histogram and one set of labels.
 * prom-client itself builds a text of the labels for each observation; here that happens when it is scraped.
 */
export class Tally {
  readonly #bounds: readonly number[];
  /** Observations by bucket, not yet added up; those above the last bound come last. */
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    let bucket = 0;
    for (const bound of this.#bounds) {
      if (value <= bound) break;
      bucket++;
    }
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += value;
  }

  get sum(): number {
    return this.#sum;
  }

  /** For each bound, and for infinity, how many observations were at most that. */
  cumulated(): { bound: number | '+Inf'; count: number }[] {
    let count = 0;
    return Array.from(this.#counts, (more, index) => {
      count += more;
      return { bound: this.#bounds[index] ?? '+Inf', count };
    });
  }
}

type Labels<L extends string> = Readonly<Record<L, string>>;

/** A histogram that is fed through tallies, one for each set of labels. */
export class TallyHistogram<L extends string = never> extends Histogram<L> {
  readonly #name: string;
  readonly #help: string;
  readonly #bounds: readonly number[];
  readonly #tallies: { readonly labels: Labels<L>; readonly tally: Tally }[] = [];

  constructor(configuration: HistogramConfiguration<L> & { readonly buckets: number[] }) {
    super(configuration);
    this.#name = configuration.name;
    this.#help = configuration.help;
    this.#bounds = configuration.buckets;
  }

  /** Makes the tally of a set of labels: once for each set, and to be kept. */
  tally(labels: Labels<L>): Tally {
    const tally = new Tally(this.#bounds);
    this.#tallies.push({ labels, tally });
    return tally;
  }

  /** What prom-client's registry, and its own `get`, ask a histogram for. */
  async getForPromString(): Promise<object> {
    const values = this.#tallies.flatMap(({ labels, tally }) => this.#values(labels, tally));
    return { name: this.#name, help: this.#help, type: 'histogram', aggregator: 'sum', values };
  }

  #values(labels: Labels<L>, tally: Tally): MetricValueWithName<L>[] {
    const cumulated = tally.cumulated();
    return [
      ...cumulated.map(({ bound, count }) => ({
        metricName: `${this.#name}_bucket`,
        labels: { ...labels, le: bound },
        value: count,
      })),
      { metricName: `${this.#name}_sum`, labels, value: tally.sum },
      { metricName: `${this.#name}_count`, labels, value: cumulated.at(-1)?.count ?? 0 },
    ];
  }
}
