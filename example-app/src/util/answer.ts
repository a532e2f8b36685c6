import { ServerResponse } from 'node:http';
import type { Problem } from './problem.ts';

/** The answer to one request, with what has to be known of the two when it is counted and logged. */
export class Answer extends ServerResponse {
  /** When the request arrived, in milliseconds of performance.now(). */
  readonly startedAt = performance.now();
  requestId = '';
  /** The pattern of the route that takes the request. */
  route = 'none';
  /** Its place among the answers in flight. */
  place = -1;
  /** Called when the answer has left, or its client has, unless it was given at once. */
  whenClosed: (() => void) | undefined;

  /** Time since the request arrived. */
  get seconds(): number {
    return (performance.now() - this.startedAt) / 1000;
  }

  /** Sends a problem, unless something was sent already. */
  sendProblem(problem: Problem): void {
    if (this.headersSent) return;
    for (const [name, value] of Object.entries(problem.headers)) this.setHeader(name, value);
    const body = JSON.stringify(problem);
    this.statusCode = problem.status;
    this.setHeader('Content-Type', 'application/problem+json');
    this.setHeader('Content-Length', Buffer.byteLength(body));
    this.end(body);
  }
}
