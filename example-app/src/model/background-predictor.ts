import type { Predictor } from './predictor.ts';

/** A model that may not be loaded yet. */
export interface PredictorSource {
  /** Undefined until the model is loaded. */
  readonly predictor: Predictor | undefined;
}

/** Loads the model while the app already listens: `/health` answers at once, `/ready` and `/predict` wait for it. */
export class BackgroundPredictor implements PredictorSource {
  readonly #load: () => Promise<Predictor>;
  #predictor: Predictor | undefined;

  constructor(load: () => Promise<Predictor>) {
    this.#load = load;
  }

  /** Settles when the model is loaded; to be called once. @throws what loading threw; handle it, or it ends the process. */
  async load(): Promise<void> {
    this.#predictor = await this.#load();
  }

  get predictor(): Predictor | undefined {
    return this.#predictor;
  }

  /** Frees the model, if there is one by then. */
  async close(): Promise<void> {
    await this.#predictor?.close();
  }
}
