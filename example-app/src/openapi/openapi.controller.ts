import type { Router } from '@koa/router';
import { describeApi } from './document.ts';

/** `GET /openapi.json`: what there is, for people and programs. */
export function addOpenApiRoutes(router: Router, version: string): void {
  const document = JSON.stringify(describeApi(version));
  router.get('/openapi.json', (context) => {
    context.type = 'application/json';
    context.body = document;
  });
}
