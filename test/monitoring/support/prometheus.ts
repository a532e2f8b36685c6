/** A series as Prometheus answers it: labels, and values with their times in seconds. */
export interface Series {
  metric: Record<string, string>;
  values: [time: number, value: string][];
}

/** Which part of time a query is about, in seconds since the epoch. */
export interface Range {
  start: number;
  end: number;
  step: number;
}

interface Answer<Data> {
  status: string;
  error?: string;
  data: Data;
}

/** A target as Prometheus sees it. */
export interface TargetState {
  labels: Record<string, string>;
  scrapeUrl: string;
  health: string;
  lastError: string;
}

/** An alerting or recording rule as Prometheus sees it. */
export interface RuleState {
  name: string;
  type: 'alerting' | 'recording';
  health: string;
  lastError?: string;
}

/** The HTTP API of a running Prometheus. */
export class Prometheus {
  readonly #address: string;

  constructor(address: string) {
    this.#address = address;
  }

  /** @throws Error with Prometheus' own words when the query is invalid */
  async query(expr: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> {
    return (await this.#get<{ result: [] }>('query', { query: expr })).result;
  }

  async queryRange(expr: string, { start, end, step }: Range): Promise<Series[]> {
    const query = { query: expr, start: String(start), end: String(end), step: String(step) };
    return (await this.#get<{ result: Series[] }>('query_range', query)).result;
  }

  async targets(): Promise<TargetState[]> {
    return (await this.#get<{ activeTargets: TargetState[] }>('targets', { state: 'active' })).activeTargets;
  }

  async rules(): Promise<RuleState[]> {
    const { groups } = await this.#get<{ groups: { rules: RuleState[] }[] }>('rules', {});
    return groups.flatMap(({ rules }) => rules);
  }

  async #get<Data>(path: string, parameters: Record<string, string>): Promise<Data> {
    const response = await fetch(`${this.#address}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const answer = (await response.json()) as Answer<Data>;
    if (answer.status !== 'success') throw new Error(`${answer.error} in ${parameters['query'] ?? path}`);
    return answer.data;
  }
}
