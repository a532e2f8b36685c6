import type { PredictorSource } from '../model/background-predictor.ts';
import type { Prediction, Predictor } from '../model/predictor.ts';
import { Problem } from '../util/problem.ts';
import {
  INPUT_LIMITS,
  type ModelInfoAnswer,
  type PredictionAnswer,
  type PredictionListAnswer,
} from './predict.schemas.ts';

const RETRY_AFTER_SECONDS = '1';

/** What can be asked of the model. */
export class PredictService {
  readonly #source: PredictorSource;

  constructor(source: PredictorSource) {
    this.#source = source;
  }

  /** @throws Problem 503 while the model loads. */
  async predict(text: string): Promise<PredictionAnswer> {
    const predictor = this.#predictor();
    const [prediction] = await predictor.predict([text]);
    if (!prediction) throw new RangeError('the predictor answered for fewer texts than it was given');
    return { ...rounded(prediction), modelVersion: predictor.info.version };
  }

  /** @throws Problem 503 while the model loads. */
  async predictAll(texts: readonly string[]): Promise<PredictionListAnswer> {
    const predictor = this.#predictor();
    const predictions = await predictor.predict(texts);
    return { predictions: predictions.map(rounded), modelVersion: predictor.info.version };
  }

  /** @throws Problem 503 while the model loads. */
  info(): ModelInfoAnswer {
    const { info } = this.#predictor();
    return { ...info, labels: [...info.labels], limits: INPUT_LIMITS };
  }

  #predictor(): Predictor {
    const { predictor } = this.#source;
    if (predictor) return predictor;
    throw new Problem(503, 'The model is still loading. Try again in a moment.', {
      headers: { 'Retry-After': RETRY_AFTER_SECONDS },
    });
  }
}

/** Leaves away the digits that the model's own numbers, of 24 bits, do not have. */
function rounded({ label, probability, words }: Prediction): Omit<PredictionAnswer, 'modelVersion'> {
  return {
    label,
    probability: round(probability),
    words: words.map(({ word, weight }) => ({ word, weight: round(weight) })),
  };
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
