import type { Router } from '@koa/router';
import type { Middleware } from 'koa';
import { Answer } from '../util/answer.ts';

/** What a path pattern has that stands for more than itself. */
const PATTERN = /[:*{}()\\]/;

/**
 * Finds the routes whose path has no parameters by one look-up; the router itself, which tries one regular expression after
 * the other, gets the rest.
 */
export function dispatchStaticRoutes(router: Router): Middleware {
  const handlers = new Map<string, Map<string, Middleware>>();
  for (const { path, methods, stack } of router.stack) {
    const [handler, ...others] = stack;
    if (typeof path !== 'string' || PATTERN.test(path) || !handler || others.length > 0) continue;
    const byMethod = handlers.get(path) ?? new Map<string, Middleware>();
    for (const method of methods) byMethod.set(method, handler as Middleware);
    handlers.set(path, byMethod);
  }
  return (context, next) => {
    const handler = handlers.get(context.path)?.get(context.method);
    if (!handler) return next();
    if (context.res instanceof Answer) context.res.route = context.path;
    return handler(context, next);
  };
}
