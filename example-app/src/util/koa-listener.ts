import type Koa from 'koa';
import type { Context } from 'koa';
import compose from 'koa-compose';
import type { Answer } from './answer.ts';
import type { Listener } from './http-server.ts';

/**
 * Makes the listener that runs Koa's middleware, as `koa.callback()` does, for half of its cost: this app's bodies are text or
 * JSON, its errors end in its own middleware, and the server itself watches how each answer ends.
 */
export function listenerOf(koa: Koa): Listener {
  const handle = compose(koa.middleware);
  return (request, answer) => {
    answer.statusCode = 404;
    const context = koa.createContext(request, answer);
    handle(context)
      .then(() => send(context, answer))
      // Cut off rather than left waiting: what fails here failed after the middleware had answered.
      .catch((error: Error) => {
        koa.emit('error', error);
        answer.destroy();
      });
  };
}

function send({ body }: Pick<Context, 'body'>, answer: Answer): void {
  // Answered already, because its time was over.
  if (answer.headersSent) return;
  if (body === undefined || body === null) {
    answer.end();
    return;
  }
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  // Without its length Node would send it in chunks.
  answer.setHeader('Content-Length', Buffer.byteLength(text));
  answer.end(text);
}
