/** Everything that decides what the model becomes, besides the data. */
export interface Settings {
  readonly name: string;
  readonly version: string;
  /** Deals the sentences into folds. */
  readonly seed: string;
  readonly folds: number;
  /** Sentences in which a pair of words must occur to be learned; single words all are. */
  readonly leastSentencesOfPairs: number;
  /** Strength of the L2 penalty. */
  readonly penalty: number;
  readonly iterations: number;
}

export const SETTINGS: Settings = {
  name: 'sentence-sentiment',
  version: '1.0.0',
  seed: '1',
  folds: 5,
  leastSentencesOfPairs: 2,
  penalty: 1,
  iterations: 150,
};
