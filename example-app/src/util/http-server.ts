import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { Answer } from './answer.ts';
import { AnswersInFlight } from './in-flight.ts';
import { Problem } from './problem.ts';

export type Listener = (request: IncomingMessage, answer: Answer) => void;

export interface HttpServerOptions {
  readonly listener: Listener;
  /** TCP port; 0 takes any free one. */
  readonly port: number;
  /** How long a request may take to arrive, and then to be answered, in milliseconds. */
  readonly timeoutMilliseconds: number;
}

const MOST_HEADERS_MILLISECONDS = 10_000;
const MOST_CHECK_MILLISECONDS = 2_000;
/** Longer than a proxy before the app keeps an idle connection, so that it is the proxy that closes it. */
const KEEP_ALIVE_MILLISECONDS = 75_000;
const LINGER_MILLISECONDS = 1_000;
const RETRY_AFTER_SECONDS = '2';

/** An HTTP server that answers every request in time, and can be stopped without losing one. */
export class HttpServer {
  readonly #server: Server<typeof IncomingMessage, typeof Answer>;
  readonly #timeoutMilliseconds: number;
  readonly #inFlight = new AnswersInFlight();
  readonly #watch: NodeJS.Timeout;
  /** Set once the server was told to stop. */
  #whenIdle: (() => void) | undefined;

  private constructor(listener: Listener, timeoutMilliseconds: number) {
    // Often enough to end what is overdue at most a quarter late.
    const checkMilliseconds = Math.min(MOST_CHECK_MILLISECONDS, timeoutMilliseconds / 4);
    this.#timeoutMilliseconds = timeoutMilliseconds;
    this.#server = createServer<typeof IncomingMessage, typeof Answer>({
      ServerResponse: Answer,
      headersTimeout: Math.min(MOST_HEADERS_MILLISECONDS, timeoutMilliseconds),
      requestTimeout: timeoutMilliseconds,
      keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
      connectionsCheckingInterval: checkMilliseconds,
    });
    this.#server.on('request', (request, answer) => {
      if (this.#whenIdle) announceClose(answer);
      listener(request, answer);
      if (!hasLeft(answer)) this.#track(answer);
    });
    this.#server.on('clientError', (error, socket) => this.#refuse(error, socket));
    this.#watch = setInterval(() => this.#endOverdue(), checkMilliseconds).unref();
  }

  /** Starts listening. @throws the system's error, such as EADDRINUSE. */
  static async listen({ listener, port, timeoutMilliseconds }: HttpServerOptions): Promise<HttpServer> {
    const server = new HttpServer(listener, timeoutMilliseconds);
    server.#server.listen(port);
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    // A server that listens on TCP has an address of this kind.
    return (this.#server.address() as AddressInfo).port;
  }

  /**
   * Lets the requests in flight finish, and closes. While there are some, new connections are taken for another second,
   * so that whoever asks meanwhile is told that this server ends; each answer closes its connection.
   * @param deadlineMilliseconds after which what is still open is cut.
   * @returns how many requests were cut.
   */
  async stop(deadlineMilliseconds: number): Promise<number> {
    let cut = 0;
    const deadline = setTimeout(() => {
      cut = this.#inFlight.size;
      this.#server.closeAllConnections();
    }, deadlineMilliseconds);
    await this.#drain();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
    clearTimeout(deadline);
    clearInterval(this.#watch);
    return cut;
  }

  /** Resolves when nothing is in flight, or new connections were taken for long enough. */
  async #drain(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#whenIdle = resolve;
    for (const answer of this.#inFlight.all()) announceClose(answer);
    if (this.#inFlight.size === 0) return;
    const enough = setTimeout(resolve, LINGER_MILLISECONDS);
    await promise;
    clearTimeout(enough);
  }

  #track(answer: Answer): void {
    this.#inFlight.add(answer);
    answer.once('close', () => {
      this.#inFlight.remove(answer);
      answer.whenClosed?.();
      if (this.#inFlight.size === 0) this.#whenIdle?.();
    });
  }

  /** Answers those that have waited too long; cuts off a client that does not take what it was sent. */
  #endOverdue(): void {
    const latestStart = performance.now() - this.#timeoutMilliseconds;
    for (const answer of this.#inFlight.all()) {
      // A request that is still arriving is Node's to end.
      if (answer.startedAt > latestStart || !answer.req.complete) continue;
      if (answer.headersSent) answer.destroy();
      else answer.sendProblem(tooSlow());
    }
  }

  /** Answers what is no request, or did not arrive in time. */
  #refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
    const problem = toProblem(error);
    const begun = this.#inFlight.all().find((answer) => answer.socket === socket);
    if (begun && !begun.headersSent) {
      announceClose(begun);
      begun.sendProblem(problem);
    } else if (!begun && socket.writable && error.code !== 'ECONNRESET') {
      socket.end(asText(problem));
    } else {
      socket.destroy();
    }
  }
}

/** What was answered at once, and taken by the client's system, needs no watching. */
function hasLeft(answer: Answer): boolean {
  return answer.writableEnded && answer.socket?.writableLength === 0;
}

function tooSlow(): Problem {
  return new Problem(503, 'The answer took too long. Try again later.', {
    headers: { 'Retry-After': RETRY_AFTER_SECONDS },
  });
}

/** The errors of Node's parser that have a status of their own: https://nodejs.org/api/http.html#event-clienterror */
function toProblem({ code }: NodeJS.ErrnoException): Problem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Problem(408, 'The request did not arrive in time.');
  if (code === 'HPE_HEADER_OVERFLOW') return new Problem(431, 'The headers are too large.');
  return new Problem(400, 'This is not a valid HTTP request.');
}

/** The whole answer as it is sent, for a connection on which Node has found no request to answer. */
function asText(problem: Problem): string {
  const body = JSON.stringify(problem);
  return [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

/** Tells a client to use another connection for its next request, and Node to close this one. */
function announceClose(answer: Answer): void {
  answer.shouldKeepAlive = false;
}
