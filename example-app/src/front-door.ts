import type { IncomingMessage } from 'node:http';
import type { Config } from './config.ts';
import type { Logger } from './logger.ts';
import type { RequestMetrics } from './request-metrics.ts';
import type { Answer } from './util/answer.ts';
import { clientOf } from './util/client-address.ts';
import type { Listener } from './util/http-server.ts';
import { Problem } from './util/problem.ts';
import { RateLimiter } from './util/rate-limiter.ts';
import { requestIdOf } from './util/request-id.ts';

const WINDOW_SECONDS = 60;
const OVERLOAD_RETRY_SECONDS = '1';
const SLOW_SECONDS = 1;
/** What nginx writes down for a client that left before its answer. */
const CLIENT_LEFT = 499;

/** Whoever watches the app must be answered just when it is overloaded. */
const ALWAYS_ANSWERED = new Set(['/health', '/ready', '/metrics']);

/**
 * What an API's answers need: https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html#security-headers
 * Strict-Transport-Security is for the proxy to say, which is where TLS ends.
 */
const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cache-Control': 'no-store',
} as const;

const HEALTH_BODY = JSON.stringify({ status: 'ok' });
const HEALTH_HEADERS = [
  ...Object.entries(SECURITY_HEADERS).flat(),
  ...['Content-Type', 'application/json; charset=utf-8'],
  ...['Content-Length', String(Buffer.byteLength(HEALTH_BODY))],
  'X-Request-Id',
];

export interface FrontDoorParts {
  readonly config: Pick<Config, 'rateLimitPerMinute' | 'maxInFlight'>;
  readonly metrics: RequestMetrics;
  readonly logger: Logger;
  /** Answers the requests that are let in. */
  readonly app: Listener;
}

/** Stands before the app: numbers and counts every request, and turns away those that are too many. */
export class FrontDoor {
  readonly #app: Listener;
  readonly #metrics: RequestMetrics;
  readonly #logger: Logger;
  readonly #maxInFlight: number;
  readonly #rateLimiter: RateLimiter | undefined;
  readonly #ratePolicy: string;

  constructor({ config, metrics, logger, app }: FrontDoorParts) {
    this.#app = app;
    this.#metrics = metrics;
    this.#logger = logger;
    this.#maxInFlight = config.maxInFlight;
    const limit = config.rateLimitPerMinute;
    this.#rateLimiter = limit > 0 ? new RateLimiter({ limit, windowSeconds: WINDOW_SECONDS }) : undefined;
    this.#ratePolicy = `"client";q=${limit};w=${WINDOW_SECONDS}`;
  }

  readonly listener: Listener = (request, answer) => {
    answer.requestId = requestIdOf(request.headers['x-request-id']);
    if (request.url === '/health' && request.method === 'GET') this.#answerHealth(answer);
    else this.#letIn(request, answer);
  };

  /** Without the app's layers, of which a probe needs none: it is the most frequent request of a quiet app. */
  #answerHealth(answer: Answer): void {
    answer.writeHead(200, [...HEALTH_HEADERS, answer.requestId]);
    answer.end(HEALTH_BODY);
    this.#metrics.count('GET', '/health', 200, answer.seconds);
  }

  #letIn(request: IncomingMessage, answer: Answer): void {
    answer.setHeader('X-Request-Id', answer.requestId);
    for (const name in SECURITY_HEADERS) {
      answer.setHeader(name, SECURITY_HEADERS[name as keyof typeof SECURITY_HEADERS]);
    }
    this.#metrics.inFlight++;
    const refusal = this.#refusal(request, answer);
    if (refusal) {
      answer.sendProblem(refusal);
      this.#count(request, answer, answer.statusCode);
    } else {
      answer.whenClosed = () => this.#finished(request, answer);
      this.#app(request, answer);
    }
  }

  #refusal(request: IncomingMessage, answer: Answer): Problem | undefined {
    if (ALWAYS_ANSWERED.has(request.url ?? '')) return undefined;
    return this.#refusalByRate(request, answer) ?? this.#refusalByLoad();
  }

  /** The header fields are those of https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ (version 10). */
  #refusalByRate(request: IncomingMessage, answer: Answer): Problem | undefined {
    if (!this.#rateLimiter) return undefined;
    const { allowed, left, seconds } = this.#rateLimiter.take(clientOf(request));
    answer.setHeader('RateLimit-Policy', this.#ratePolicy);
    answer.setHeader('RateLimit', `"client";r=${left};t=${seconds}`);
    if (allowed) return undefined;
    this.#metrics.countRefused('rate');
    return new Problem(429, `Too many requests from one client. Try again in ${seconds} seconds.`, {
      headers: { 'Retry-After': String(seconds) },
    });
  }

  #refusalByLoad(): Problem | undefined {
    if (this.#metrics.inFlight <= this.#maxInFlight) return undefined;
    this.#metrics.countRefused('overload');
    return new Problem(503, 'The server has too much to do at the moment. Try again later.', {
      headers: { 'Retry-After': OVERLOAD_RETRY_SECONDS },
    });
  }

  #finished(request: IncomingMessage, answer: Answer): void {
    const status = answer.writableFinished ? answer.statusCode : CLIENT_LEFT;
    const seconds = this.#count(request, answer, status);
    // The metrics count every request; the log is for those that somebody will ask about.
    const level = status >= 500 || seconds > SLOW_SECONDS ? 'warn' : 'debug';
    if (!this.#logger.isLevelEnabled(level)) return;
    const { method, url } = request;
    const { route, requestId } = answer;
    this.#logger[level]({ requestId, method, url, route, status, seconds }, 'answered');
  }

  /** @returns how long the answer took, in seconds. */
  #count({ method = '' }: IncomingMessage, { route, seconds }: Answer, status: number): number {
    this.#metrics.inFlight--;
    this.#metrics.count(method, route, status, seconds);
    return seconds;
  }
}
