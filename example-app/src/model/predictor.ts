import { Batcher } from './batcher.ts';
import { type WordWeight, weightiestWords } from './explanation.ts';
import { extractFeatures, type FeatureRow, type Vocabulary } from './features.ts';
import { type ModelCard, readModelFiles } from './model-files.ts';
import { SentimentSession } from './sentiment-session.ts';
import { tokenise } from './tokenise.ts';

export type Label = 'positive' | 'negative';

/** What the model says of one text. */
export interface Prediction {
  readonly label: Label;
  /** That the label is right, from 0.5 to 1. */
  readonly probability: number;
  /** The words that weighed most, the weightiest first; a positive weight speaks for `positive`. */
  readonly words: readonly WordWeight[];
}

export interface ModelInfo extends ModelCard {
  /** SHA-256 of the model's file, `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
}

/** Is told what the predictor does, for metrics. */
export interface PredictorObserver {
  /** The model ran once, on so many texts, for so many seconds. */
  onRun?(texts: number, seconds: number): void;
  onPrediction?(label: Label): void;
}

/** Most texts that different requests bring together in one run. */
const BATCH_TEXTS = 64;
const EXPLAINING_WORDS = 5;

/** Tells whether a text is positive or negative, by the model in a folder. */
export class Predictor {
  readonly info: ModelInfo;
  readonly #vocabulary: Vocabulary;
  readonly #session: SentimentSession;
  readonly #observer: PredictorObserver;
  readonly #batcher: Batcher<FeatureRow, Prediction>;

  private constructor(parts: {
    info: ModelInfo;
    vocabulary: Vocabulary;
    session: SentimentSession;
    observer: PredictorObserver;
  }) {
    this.info = parts.info;
    this.#vocabulary = parts.vocabulary;
    this.#session = parts.session;
    this.#observer = parts.observer;
    this.#batcher = new Batcher((rows) => this.#run(rows), BATCH_TEXTS);
  }

  /** Loads the model. @throws ModelFilesError, or the runtime's own error when it refuses the model. */
  static async load(folder: string, observer: PredictorObserver = {}): Promise<Predictor> {
    const { card, model, vocabulary, digests } = await readModelFiles(folder);
    const session = await SentimentSession.create(model);
    return new Predictor({
      info: { ...card, digest: `sha256:${digests.model}` },
      vocabulary,
      session,
      observer,
    });
  }

  /** Returns a prediction for each text, in the same order. */
  predict(texts: readonly string[]): Promise<Prediction[]> {
    return this.#batcher.add(texts.map((text) => extractFeatures(tokenise(text), this.#vocabulary)));
  }

  /** Frees the model. Predict nothing afterwards. */
  close(): Promise<void> {
    return this.#session.close();
  }

  async #run(rows: readonly FeatureRow[]): Promise<Prediction[]> {
    const start = performance.now();
    const results = await this.#session.run(rows);
    this.#observer.onRun?.(rows.length, (performance.now() - start) / 1000);
    return rows.map((row, index) => {
      const result = results[index];
      if (!result) throw new RangeError('the model answered for fewer texts than it was given');
      const words = weightiestWords(row, result.contributions, EXPLAINING_WORDS);
      return this.#toPrediction(result.probability, words);
    });
  }

  #toPrediction(positive: number, words: readonly WordWeight[]): Prediction {
    const label = positive > 0.5 ? 'positive' : 'negative';
    this.#observer.onPrediction?.(label);
    return { label, probability: label === 'positive' ? positive : 1 - positive, words };
  }
}
