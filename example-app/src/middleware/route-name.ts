import type { Middleware } from 'koa';
import { Answer } from '../util/answer.ts';

/** Notes the pattern of the route that took a request, under which it is counted and logged. */
export const nameRoute: Middleware = async (context, next) => {
  try {
    await next();
  } finally {
    const pattern: unknown = context['_matchedRoute'];
    if (typeof pattern === 'string' && context.res instanceof Answer) context.res.route = pattern;
  }
};
