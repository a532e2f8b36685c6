import type { Context } from 'koa';
import { Problem } from './problem.ts';

export interface IntegerRange {
  readonly least: number;
  readonly most: number;
}

/**
 * Reads a whole number from the query string; undefined when it is absent.
 * @throws Problem 400 when it is anything else, out of range, or given twice.
 */
export function readIntegerParameter(
  context: Pick<Context, 'query'>,
  name: string,
  { least, most }: IntegerRange,
): number | undefined {
  const text = context.query[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (typeof text === 'string' && /^\d+$/.test(text) && value >= least && value <= most) return value;
  const detail = `must be one whole number from ${least} to ${most}`;
  throw new Problem(400, `The query parameter "${name}" is not valid.`, {
    errors: [{ field: name, detail }],
  });
}
