import { setTimeout as delay } from 'node:timers/promises';

/** What one part that the app needs says of itself. */
export interface CheckResult {
  readonly ok: boolean;
  /** What is missing, for whoever reads `/ready`: no addresses, no credentials. Absent when nothing is. */
  readonly detail?: string;
}

/** Asks one part of the app. What it throws counts as not ready. */
export type Check = () => CheckResult | Promise<CheckResult>;

const PARTS = ['database', 'migrations', 'model'] as const;
type Part = (typeof PARTS)[number];

/** Whether this process can serve everything it offers, and what is missing. */
export interface ReadinessReport {
  readonly ready: boolean;
  /** Whether the process was told to end: it finishes what it began and wants nothing new. */
  readonly stopping: boolean;
  readonly checks: Readonly<Record<Part, CheckResult>>;
}

export interface ReadinessOptions {
  /** How long the checks may take, in milliseconds; what has no result by then is not ready. */
  readonly timeoutMilliseconds?: number;
}

/** Shorter than the time that a load balancer or a rollout waits for the answer. */
const TIMEOUT_MILLISECONDS = 2_000;
const NO_ANSWER: CheckResult = { ok: false, detail: 'did not answer in time' };

/** Knows whether the app can serve everything: its parts are asked at each check, several askers share one. */
export class Readiness {
  readonly #checks: Readonly<Record<Part, Check>>;
  readonly #timeoutMilliseconds: number;
  #running: Promise<ReadinessReport['checks']> | undefined;
  #stopping = false;

  constructor(checks: Readonly<Record<Part, Check>>, options: ReadinessOptions = {}) {
    this.#checks = checks;
    this.#timeoutMilliseconds = options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS;
  }

  /** Asks every part, at the same time. Never throws, and takes no longer than the time-out. */
  async check(): Promise<ReadinessReport> {
    // Shared, so that many askers at once do not take the connections that they ask about.
    this.#running ??= this.#ask().finally(() => {
      this.#running = undefined;
    });
    const checks = await this.#running;
    const ready = !this.#stopping && PARTS.every((part) => checks[part].ok);
    return { ready, stopping: this.#stopping, checks };
  }

  /** Makes it not ready for good: the process is about to end. */
  stop(): void {
    this.#stopping = true;
  }

  async #ask(): Promise<ReadinessReport['checks']> {
    const [database, migrations, model] = await Promise.all([
      this.#askOne('database'),
      this.#askOne('migrations'),
      this.#askOne('model'),
    ]);
    return { database, migrations, model };
  }

  async #askOne(part: Part): Promise<CheckResult> {
    const answered = new AbortController();
    const outOfTime = delay(this.#timeoutMilliseconds, NO_ANSWER, { signal: answered.signal }).catch(
      () => NO_ANSWER,
    );
    try {
      return await Promise.race([this.#checks[part](), outOfTime]);
    } catch {
      return { ok: false, detail: 'could not be asked' };
    } finally {
      answered.abort();
    }
  }
}
