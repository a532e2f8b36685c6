import Koa, { type Context, type Middleware } from 'koa';
import type { Logger } from '../logger.ts';
import { Answer } from '../util/answer.ts';
import { DatabaseUnavailableError } from '../util/named-error-pool.ts';
import { Problem } from '../util/problem.ts';

const RETRY_AFTER_SECONDS = '2';

/** Answers every error, and every request that nothing answered, with problem details (RFC 9457). */
export function answerWithProblems(logger: Logger): Middleware {
  return async (context, next) => {
    try {
      await next();
      if (isUnanswered(context)) answer(context, unansweredProblem(context));
    } catch (error) {
      answer(context, toProblem(error, context, logger));
    }
  };
}

function isUnanswered(context: Context): boolean {
  return context.status >= 400 && context.body === undefined;
}

function unansweredProblem({ status, method, path }: Context): Problem {
  if (status === 404) return new Problem(404, `There is nothing at ${path}.`);
  if (status === 405) return new Problem(405, `${path} does not take ${method}; see the Allow header.`);
  return new Problem(status, `The request ${method} ${path} could not be answered.`);
}

function toProblem(error: unknown, context: Context, logger: Logger): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Koa.HttpError && error.expose) return new Problem(error.status, error.message);
  const { method, path } = context;
  const requestId = context.res instanceof Answer ? context.res.requestId : undefined;
  if (error instanceof DatabaseUnavailableError) {
    logger.error({ err: error, requestId, method, path }, 'database unavailable');
    return new Problem(503, 'The database is unavailable at the moment. Try again later.', {
      headers: { 'Retry-After': RETRY_AFTER_SECONDS },
    });
  }
  logger.error({ err: error, requestId, method, path }, 'request failed');
  return new Problem(500, 'Something went wrong on the server. The log has the details.');
}

function answer(context: Context, problem: Problem): void {
  context.status = problem.status;
  context.set(problem.headers);
  context.body = JSON.stringify(problem);
  context.type = 'application/problem+json';
}
