import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpServerOptions {
  readonly listener: RequestListener;
  /** TCP port; 0 takes any free one. */
  readonly port: number;
}

/** Limits for slow or silent clients, in milliseconds. */
const HEADERS_MILLISECONDS = 10_000;
const REQUEST_MILLISECONDS = 20_000;
const CHECK_MILLISECONDS = 2_000;
/** Longer than a proxy before the app keeps an idle connection, so that it is the proxy that closes it. */
const KEEP_ALIVE_MILLISECONDS = 75_000;

/** An HTTP server that can be stopped without losing a request. */
export class HttpServer {
  readonly #server: Server;
  readonly #inFlight = new Set<ServerResponse>();
  #draining = false;

  private constructor(listener: RequestListener) {
    this.#server = createServer({
      headersTimeout: HEADERS_MILLISECONDS,
      requestTimeout: REQUEST_MILLISECONDS,
      keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
      connectionsCheckingInterval: CHECK_MILLISECONDS,
    });
    this.#server.on('request', (_request, response) => this.#track(response));
    this.#server.on('request', listener);
  }

  /** Starts listening. @throws the system's error, such as EADDRINUSE. */
  static async listen({ listener, port }: HttpServerOptions): Promise<HttpServer> {
    const server = new HttpServer(listener);
    server.#server.listen(port);
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    // A server that listens on TCP has an address of this kind.
    return (this.#server.address() as AddressInfo).port;
  }

  /**
   * Accepts no more connections, lets the requests in flight finish, and closes.
   * @param deadlineMilliseconds after which what is still open is cut.
   * @returns how many requests were cut.
   */
  async stop(deadlineMilliseconds: number): Promise<number> {
    this.#draining = true;
    for (const response of this.#inFlight) announceClose(response);
    const closed = once(this.#server, 'close');
    this.#server.close();
    let cut = 0;
    const deadline = setTimeout(() => {
      cut = this.#inFlight.size;
      this.#server.closeAllConnections();
    }, deadlineMilliseconds);
    await closed;
    clearTimeout(deadline);
    return cut;
  }

  #track(response: ServerResponse): void {
    this.#inFlight.add(response);
    response.once('close', () => this.#inFlight.delete(response));
    if (this.#draining) announceClose(response);
  }
}

/** Tells a client to use another connection for its next request, and Node to close this one. */
function announceClose(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
