import type { Router } from '@koa/router';
import type { Config } from './config.ts';

const NAME = 'example-app';

/** What answers here: `/` says which version and release, `/health` that the process lives. */
export function addAboutRoutes(
  router: Router,
  { version, release }: Pick<Config, 'version' | 'release'>,
): void {
  router.get('/', (context) => {
    context.body = { name: NAME, version, release };
  });

  // The process only: a database that is away must not make a host throw away a release that is fine.
  router.get('/health', (context) => {
    context.body = { status: 'ok' };
  });
}
