import type { Predictor } from './predictor.ts';

/** A model that may still be loading. */
export interface PredictorSource {
  /** Undefined until the model is loaded. */
  readonly predictor: Predictor | undefined;
}

/** Loads the model while the app already listens: `/health` answers at once, `/ready` and `/predict` wait for it. */
export class BackgroundPredictor implements PredictorSource {
  /** Settles when loading ends. @throws what loading threw; handle it, or it ends the process. */
  readonly loaded: Promise<void>;
  #predictor: Predictor | undefined;

  constructor(load: () => Promise<Predictor>) {
    this.loaded = load().then((predictor) => {
      this.#predictor = predictor;
    });
  }

  get predictor(): Predictor | undefined {
    return this.#predictor;
  }

  /** Frees the model, if there is one by then. */
  async close(): Promise<void> {
    await this.#predictor?.close();
  }
}
