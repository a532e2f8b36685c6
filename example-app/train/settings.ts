/** Everything that decides what the model becomes, besides the data. */
export const SETTINGS = {
  name: 'sentence-sentiment',
  version: '1.0.0',
  /** Deals the sentences into folds. */
  seed: '1',
  folds: 5,
  /** Sentences in which a pair of words must occur to be learned; single words all are. */
  leastSentencesOfPairs: 2,
  /** Strength of the L2 penalty. */
  penalty: 1,
  iterations: 150,
  /** Below it, the training fails. */
  leastAccuracy: 0.87,
} as const;

export type Settings = typeof SETTINGS;
