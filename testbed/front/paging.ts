import { ApiError } from './api-error.ts';
import { type JsonObject, numberAt, stringAt } from './json.ts';

/** One page of a list and, unless it is the last, the token for the next. */
export interface Page<Item> {
  items: Item[];
  token: JsonObject;
}

/**
 * Cuts the page that a request's MaxResults and NextToken ask for.
 *
 * @throws ApiError InvalidNextToken for a token that this list never gave
 */
export function page<Item>(items: Item[], request: JsonObject, mostPerPage: number): Page<Item> {
  const start = readToken(stringAt(request, 'NextToken'), items.length);
  const end = start + Math.min(numberAt(request, 'MaxResults') ?? mostPerPage, mostPerPage);
  return { items: items.slice(start, end), token: end < items.length ? { NextToken: writeToken(end) } : {} };
}

function writeToken(position: number): string {
  return Buffer.from(`position:${position}`).toString('base64url');
}

function readToken(token: string | undefined, length: number): number {
  if (token === undefined) {
    return 0;
  }
  const position = /^position:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (position === undefined || Number(position) > length) {
    throw new ApiError('InvalidNextToken', 'The specified token is not valid.');
  }
  return Number(position);
}
