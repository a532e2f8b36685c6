import { Agent, type IncomingMessage, request as sendRequest } from 'node:http';
import { type Kind, Measurements, type ProbeProgress, type ProbeReport } from './report.ts';
import { parseTarget, type Target } from './target.ts';

export type { Kind, KindReport, ProbeProgress, ProbeReport } from './report.ts';

/** One answer, as the label callback sees it. */
export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** What is asked, how often, and over which connections. */
export interface ProbeOptions {
  /** `127.0.0.1:PORT` or `[::1]:PORT`: load goes to loopback addresses only. */
  address: string;
  /** `/` by default. */
  path?: string;
  /** 200 by default. */
  ratePerSecond?: number;
  /** Share of the requests that open a connection of their own, 0 to 1; the others are kept alive. 0.5 by default. */
  newConnectionShare?: number;
  /** Milliseconds from the scheduled time after which a request counts as failed. 10,000 by default. */
  timeout?: number;
  /** Names what answered (a version, a release); undefined for an answer that is not counted. */
  labelOf?: (answer: Answer) => string | undefined;
}

/** A probe that runs. */
export interface Probe {
  /** The counts so far. */
  progress(): ProbeProgress;
  /** Sends nothing more, waits for the answers that are due, and reports; a second call gives the same report. */
  stop(): Promise<ProbeReport>;
}

/** How often the schedule is looked at, in milliseconds: finer than the gaps between requests. */
const TICK = 2;

/**
 * Starts HTTP requests at a constant rate, each at its scheduled time whether or not the ones before it were answered.
 * Latency counts from the scheduled time, so that a stall shows in every request it delayed.
 * @throws Error when the address is not on the loopback interface, or a number is out of its range
 */
export function startProbe(options: ProbeOptions): Probe {
  const load = new Load(options);
  load.start();
  return load;
}

class Load implements Probe {
  readonly #target: Target;
  readonly #path: string;
  readonly #interval: number;
  readonly #newConnectionShare: number;
  readonly #timeout: number;
  readonly #labelOf: (answer: Answer) => string | undefined;

  readonly #keptAlive = new Agent({ keepAlive: true });
  readonly #newEachTime = new Agent({ keepAlive: false });
  readonly #pending = new Set<Promise<void>>();
  #measurements = new Measurements(0);
  #timer: NodeJS.Timeout | undefined;
  #stopping: Promise<ProbeReport> | undefined;
  #started = 0;
  #sent = 0;

  constructor(options: ProbeOptions) {
    const { ratePerSecond = 200, newConnectionShare = 0.5, timeout = 10_000 } = options;
    assertWithin('ratePerSecond', ratePerSecond, 0.1, 10_000);
    assertWithin('newConnectionShare', newConnectionShare, 0, 1);
    assertWithin('timeout', timeout, 1, 600_000);
    this.#target = parseTarget(options.address);
    this.#path = options.path ?? '/';
    this.#interval = 1000 / ratePerSecond;
    this.#newConnectionShare = newConnectionShare;
    this.#timeout = timeout;
    this.#labelOf = options.labelOf ?? (() => undefined);
  }

  start(): void {
    this.#started = performance.now();
    this.#measurements = new Measurements(this.#started);
    this.#timer = setInterval(() => this.#sendDue(), TICK);
    this.#sendDue();
  }

  progress(): ProbeProgress {
    return this.#measurements.progress();
  }

  stop(): Promise<ProbeReport> {
    this.#stopping ??= this.#finish();
    return this.#stopping;
  }

  async #finish(): Promise<ProbeReport> {
    clearInterval(this.#timer);
    const stopped = performance.now();
    await Promise.all(this.#pending);
    this.#keptAlive.destroy();
    this.#newEachTime.destroy();
    return this.#measurements.report(stopped);
  }

  #sendDue(): void {
    const now = performance.now();
    while (this.#scheduledAt(this.#sent) <= now) {
      this.#send(this.#scheduledAt(this.#sent), this.#kindOf(this.#sent));
      this.#sent += 1;
    }
  }

  #scheduledAt(index: number): number {
    return this.#started + index * this.#interval;
  }

  /** Spreads the new connections evenly among the requests. */
  #kindOf(index: number): Kind {
    const share = this.#newConnectionShare;
    return Math.floor((index + 1) * share) > Math.floor(index * share) ? 'newConnection' : 'keptAlive';
  }

  #send(scheduled: number, kind: Kind): void {
    const exchange = this.#exchange(scheduled, kind).then(
      (answer) => this.#recordAnswer(answer, scheduled, kind),
      (error: Error) => this.#measurements.failed(kind, scheduled, performance.now(), reasonOf(error)),
    );
    this.#pending.add(exchange);
    void exchange.finally(() => this.#pending.delete(exchange));
  }

  #recordAnswer(answer: Answer, scheduled: number, kind: Kind): void {
    const now = performance.now();
    if (answer.status >= 400) this.#measurements.failed(kind, scheduled, now, `status ${answer.status}`);
    else this.#measurements.answered(kind, scheduled, now, this.#labelOf(answer));
  }

  /** Sends one request and reads the whole answer. */
  #exchange(scheduled: number, kind: Kind): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const agent = kind === 'newConnection' ? this.#newEachTime : this.#keptAlive;
    const request = sendRequest({ ...this.#target, path: this.#path, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.on('error', reject);
    request.end();
    this.#failLate(request, scheduled, promise);
    return promise;
  }

  #failLate(request: { destroy(error: Error): void }, scheduled: number, exchange: Promise<Answer>): void {
    const left = Math.max(0, scheduled + this.#timeout - performance.now());
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${this.#timeout} ms`)), left);
    const clear = () => clearTimeout(timer);
    exchange.then(clear, clear);
  }
}

function assertWithin(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new Error(`Probe: ${name} is ${value}; it must be between ${least} and ${most}`);
}

/** A name that is the same for failures of the same kind: no ports, no addresses. */
function reasonOf(error: Error & { code?: string; syscall?: string }): string {
  if (error.code === undefined) return error.message;
  return error.syscall === undefined ? error.code : `${error.syscall} ${error.code}`;
}
