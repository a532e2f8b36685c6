/** What a client has left of its share. */
export interface Share {
  readonly allowed: boolean;
  /** Requests that it may still send before the share is renewed. */
  readonly left: number;
  /** Whole seconds until then, at least 1. */
  readonly seconds: number;
}

export interface RateLimiterOptions {
  /** Requests of one client in a window. */
  readonly limit: number;
  readonly windowSeconds: number;
  /** Clients that are remembered; with more, the one whose window began first is forgotten. */
  readonly mostClients?: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

interface Window {
  used: number;
  readonly endsAt: number;
}

const MOST_CLIENTS = 50_000;

/**
 * Counts the requests of each client in windows that begin with its first request. Without timers and promises, since it
 * stands before every request; and bounded, since whoever has many addresses could fill the memory.
 */
export class RateLimiter {
  readonly #limit: number;
  readonly #windowMilliseconds: number;
  readonly #mostClients: number;
  readonly #now: () => number;
  /** In the order in which the windows began, and so in which they end. */
  readonly #windows = new Map<string, Window>();

  constructor({
    limit,
    windowSeconds,
    mostClients = MOST_CLIENTS,
    now = () => performance.now(),
  }: RateLimiterOptions) {
    this.#limit = limit;
    this.#windowMilliseconds = windowSeconds * 1000;
    this.#mostClients = mostClients;
    this.#now = now;
  }

  /** Takes one request from the client's share, if there is something left. */
  take(client: string): Share {
    const now = this.#now();
    const window = this.#windowOf(client, now);
    const allowed = window.used < this.#limit;
    if (allowed) window.used++;
    return {
      allowed,
      left: this.#limit - window.used,
      seconds: Math.max(1, Math.ceil((window.endsAt - now) / 1000)),
    };
  }

  #windowOf(client: string, now: number): Window {
    const known = this.#windows.get(client);
    if (known && known.endsAt > now) return known;
    this.#forget(now);
    const window = { used: 0, endsAt: now + this.#windowMilliseconds };
    // Deleted first, since a key that is set again would keep its old place in the order.
    this.#windows.delete(client);
    this.#windows.set(client, window);
    return window;
  }

  #forget(now: number): void {
    for (const [client, { endsAt }] of this.#windows) {
      if (endsAt > now && this.#windows.size < this.#mostClients) return;
      this.#windows.delete(client);
    }
  }
}
