import type { RequestListener } from 'node:http';
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

/** The settings that the routes and what is around them need. */
export type AppConfig = Pick<
  Config,
  'version' | 'release' | 'apiKey' | 'rateLimitPerMinute' | 'maxInFlight' | 'requestTimeoutSeconds'
>;

export interface AppParts {
  readonly config: AppConfig;
  readonly database: Kysely<Database>;
  readonly logger: Logger;
}

export interface App {
  readonly router: Router;
  /** Takes every request. */
  readonly listener: RequestListener;
}

/** Puts the app together from its parts. It opens nothing: neither port nor connection. */
export function createApp({ config, database, logger }: AppParts): App {
  const metrics = createMetrics(config);
  const router = new Router();
  addAboutRoutes(router, config);
  addMetricsRoutes(router, metrics);
  addItemRoutes(router, new ItemService(new ItemRepository(database)));

  const koa = new Koa();
  // What reaches Koa itself happened after the answer began, such as a client that left.
  koa.on('error', (error: Error) => logger.warn({ err: error }, 'answer not delivered'));
  koa.use(measureRequests(metrics));
  koa.use(answerWithProblems(logger));
  koa.use(router.routes());
  koa.use(router.allowedMethods());
  return { router, listener: koa.callback() };
}
