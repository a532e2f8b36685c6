import type { Middleware } from 'koa';
import type { Metrics } from '../metrics.ts';

/** Measures each request under its route's pattern, never under its raw path, of which there is no end. */
export function measureRequests(metrics: Metrics): Middleware {
  return async (context, next) => {
    const stop = metrics.requestDuration.startTimer();
    await next();
    const route = String(context['_matchedRoute'] ?? 'none');
    stop({ method: context.method, route, status: context.status });
  };
}
