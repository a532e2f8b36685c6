import type { Router } from '@koa/router';
import type { Readiness } from './readiness.ts';

const RETRY_AFTER_SECONDS = '2';

/** `GET /ready`: 200 when everything that the app offers can be served, otherwise 503; the body says what is missing. */
export function addReadyRoutes(router: Router, readiness: Readiness): void {
  router.get('/ready', async (context) => {
    const report = await readiness.check();
    context.status = report.ready ? 200 : 503;
    if (!report.ready) context.set('Retry-After', RETRY_AFTER_SECONDS);
    context.body = report;
  });
}
