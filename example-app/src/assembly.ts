import { type App, createApp } from './app.ts';
import type { Config } from './config.ts';
import { createDatabase } from './database.ts';
import { MODEL_FOLDER } from './folders.ts';
import type { Logger } from './logger.ts';
import { Metrics } from './metrics.ts';
import { BackgroundPredictor } from './model/background-predictor.ts';
import { Predictor } from './model/predictor.ts';
import { checkDatabase, checkMigrations } from './ready/database.checks.ts';
import { Readiness } from './ready/readiness.ts';

/** The app with all that it holds. */
export interface Assembly {
  readonly app: App;
  readonly readiness: Readiness;
  /** Loads the model, which holds up every request for a moment; once, when the app listens. @throws what loading threw. */
  loadModel(): Promise<void>;
  /** Closes the connections to the database and frees the model. */
  close(): Promise<void>;
}

/** Makes every part of the app and puts them together. It opens nothing. */
export function assemble(config: Omit<Config, 'port'>, logger: Logger): Assembly {
  const metrics = new Metrics(config);
  const database = createDatabase({
    url: config.databaseUrl,
    poolSize: config.databasePoolSize,
    logger,
    watch: (pool) => metrics.showPool(pool, config.databasePoolSize),
  });
  const model = new BackgroundPredictor(() =>
    Predictor.load(MODEL_FOLDER, {
      onRun: (texts, seconds) => metrics.observeRun(texts, seconds),
      onPrediction: (label) => metrics.countPrediction(label),
    }),
  );
  const readiness = new Readiness({
    database: checkDatabase(database),
    migrations: checkMigrations(database),
    model: () => (model.predictor ? { ok: true } : { ok: false, detail: 'still loading' }),
  });
  return {
    app: createApp({ config, database, model, readiness, metrics, logger }),
    readiness,
    loadModel: async () => {
      await model.load();
      if (model.predictor) metrics.showModel(model.predictor.info);
    },
    close: async () => {
      await Promise.all([database.destroy(), model.close()]);
    },
  };
}
