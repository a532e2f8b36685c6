import { Router } from '@koa/router';
import Koa from 'koa';
import type { Kysely } from 'kysely';
import { addAboutRoutes } from './about.controller.ts';
import type { Config } from './config.ts';
import type { Database } from './database.ts';
import { addItemRoutes } from './items/item.controller.ts';
import { ItemRepository } from './items/item.repository.ts';
import { ItemService } from './items/item.service.ts';
import type { Logger } from './logger.ts';
import { addMetricsRoutes, createMetrics } from './metrics.ts';
import { answerWithProblems } from './middleware/problems.ts';
import { measureRequests } from './middleware/request-duration.ts';

export interface AppParts {
  readonly config: Pick<Config, 'version' | 'release'>;
  readonly database: Kysely<Database>;
  readonly logger: Logger;
}

/** Puts the app together from its parts. It opens nothing: neither port nor connection. */
export function createApp({ config, database, logger }: AppParts): Koa {
  const metrics = createMetrics(config);
  const router = new Router();
  addAboutRoutes(router, config);
  addMetricsRoutes(router, metrics);
  addItemRoutes(router, new ItemService(new ItemRepository(database)));

  const app = new Koa();
  // What reaches Koa itself happened after the answer began, such as a client that left.
  app.on('error', (error: Error) => logger.warn({ err: error }, 'answer not delivered'));
  app.use(measureRequests(metrics));
  app.use(answerWithProblems(logger));
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}
