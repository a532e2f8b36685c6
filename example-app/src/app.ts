import { Router } from '@koa/router';
import Koa from 'koa';
import type { Kysely } from 'kysely';
import { addAboutRoutes } from './about.controller.ts';
import type { Config } from './config.ts';
import type { Database } from './database.ts';
import { FrontDoor } from './front-door.ts';
import { addItemRoutes } from './items/item.controller.ts';
import { ItemRepository } from './items/item.repository.ts';
import { ItemService } from './items/item.service.ts';
import type { Logger } from './logger.ts';
import { addMetricsRoutes, type Metrics } from './metrics.ts';
import { requireApiKey } from './middleware/api-key.ts';
import { answerWithProblems } from './middleware/problems.ts';
import { nameRoute } from './middleware/route-name.ts';
import { dispatchStaticRoutes } from './middleware/static-routes.ts';
import type { PredictorSource } from './model/background-predictor.ts';
import { addOpenApiRoutes } from './openapi/openapi.controller.ts';
import { addPredictRoutes } from './predict/predict.controller.ts';
import { PredictService } from './predict/predict.service.ts';
import type { Readiness } from './ready/readiness.ts';
import { addReadyRoutes } from './ready/ready.controller.ts';
import type { Listener } from './util/http-server.ts';
import { listenerOf } from './util/koa-listener.ts';

/** The settings that the routes and what is around them need. */
export type AppConfig = Pick<
  Config,
  'version' | 'release' | 'apiKey' | 'rateLimitPerMinute' | 'maxInFlight' | 'requestTimeoutSeconds'
>;

export interface AppParts {
  readonly config: AppConfig;
  readonly database: Kysely<Database>;
  readonly model: PredictorSource;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

export interface App {
  readonly router: Router;
  /** Takes every request. */
  readonly listener: Listener;
}

/** Paths that take POST and change nothing, so that they need no key. */
const READ_ONLY_PATHS = ['/predict'];

/** Puts the app together from its parts. It opens nothing: neither port nor connection. */
export function createApp(parts: AppParts): App {
  const { config, metrics, logger } = parts;
  const router = createRouter(parts);
  const koa = new Koa();
  // What reaches Koa itself happened after the answer began, such as a client that left.
  koa.on('error', (error: Error) => logger.debug({ err: error }, 'answer not delivered'));
  koa.use(answerWithProblems(logger));
  if (config.apiKey !== null) koa.use(requireApiKey(config.apiKey, READ_ONLY_PATHS));
  koa.use(dispatchStaticRoutes(router));
  koa.use(nameRoute);
  koa.use(router.routes());
  koa.use(router.allowedMethods());
  const frontDoor = new FrontDoor({ config, metrics: metrics.requests, logger, app: listenerOf(koa) });
  return { router, listener: frontDoor.listener };
}

function createRouter({ config, database, model, readiness, metrics }: AppParts): Router {
  const router = new Router();
  addAboutRoutes(router, config);
  addOpenApiRoutes(router, config.version);
  addReadyRoutes(router, readiness);
  addMetricsRoutes(router, metrics);
  addItemRoutes(router, new ItemService(new ItemRepository(database)));
  addPredictRoutes(router, new PredictService(model));
  return router;
}
