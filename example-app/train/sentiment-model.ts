import {
  extractFeatures,
  type FeatureRow,
  FIRST_VOCABULARY_ID,
  type Vocabulary,
} from '../src/model/features.ts';
import { tokenise } from '../src/model/tokenise.ts';
import { createVocabulary, isPairName, nameOf } from '../src/model/vocabulary.ts';
import {
  type Example,
  type LinearModel,
  probabilityOf,
  type SparseRow,
  trainLogisticRegression,
} from './logistic-regression.ts';
import type { Sentence } from './sentences.ts';
import type { Settings } from './settings.ts';

/** A model with everything that is needed to ask it. */
export interface SentimentModel {
  /** The names of the learned features, in the order of their ids. */
  readonly features: readonly string[];
  readonly lexicon: ReadonlyMap<string, number>;
  readonly linear: LinearModel;
}

type Lexicon = ReadonlyMap<string, number>;

/** Trains a model on the sentences, and on nothing else: its vocabulary too is chosen from them. */
export function trainModel(
  sentences: readonly Sentence[],
  lexicon: Lexicon,
  settings: Pick<Settings, 'leastSentencesOfPairs' | 'penalty' | 'iterations'>,
): SentimentModel {
  const features = chooseFeatures(sentences, settings.leastSentencesOfPairs);
  const vocabulary = createVocabulary(features, lexicon);
  const examples = sentences.map(({ text, isPositive }) => ({ row: read(text, vocabulary), isPositive }));
  const importance = countRatios(examples, FIRST_VOCABULARY_ID + features.length);
  const linear = trainLogisticRegression(
    examples.map(({ row, isPositive }) => ({ row: scale(row, importance), isPositive })),
    { features: importance.length, penalty: settings.penalty, iterations: settings.iterations },
  );
  // Scaled weights on plain rows are the same model as plain weights on scaled rows.
  const weights = linear.weights.map((weight, id) => weight * (importance[id] ?? 1));
  return { features, lexicon, linear: asStored({ weights, bias: linear.bias }) };
}

/** Makes a function that returns the probability, from 0 to 1, that a text is positive. */
export function createScorer({ features, lexicon, linear }: SentimentModel): (text: string) => number {
  const vocabulary = createVocabulary(features, lexicon);
  return (text) => probabilityOf(read(text, vocabulary), linear);
}

/** Returns the names of all words, and of the pairs that occur in enough sentences, in the order of their first occurrence. */
function chooseFeatures(sentences: readonly Sentence[], leastSentencesOfPairs: number): string[] {
  const occurrences = new Map<string, number>();
  for (const { text } of sentences) {
    for (const name of featureNames(text)) occurrences.set(name, (occurrences.get(name) ?? 0) + 1);
  }
  return [...occurrences]
    .filter(([name, count]) => !isPairName(name) || count >= leastSentencesOfPairs)
    .map(([name]) => name);
}

/** Returns the names of a text's features, each once, by listening to what is looked up. */
function featureNames(text: string): Set<string> {
  const names = new Set<string>();
  const note = (name: string) => {
    names.add(name);
    return undefined;
  };
  extractFeatures(tokenise(text), {
    idOfWord: (word) => note(nameOf.word(word)),
    idOfNegated: (word) => note(nameOf.negated(word)),
    idOfPair: (first, second) => note(nameOf.pair(first, second)),
    valenceOf: () => undefined,
  });
  return names;
}

function read(text: string, vocabulary: Vocabulary): FeatureRow {
  return extractFeatures(tokenise(text), vocabulary);
}

/**
 * Returns how much each feature tells by itself: the absolute log-count ratio of naive Bayes, with one occurrence more of each
 * class assumed. Regularising in this scale finds better weights for short texts (Wang and Manning 2012, "Baselines and
 * Bigrams"). The lexicon's sums, which are no counts, have 1.
 */
function countRatios(examples: readonly Example[], size: number): Float64Array {
  const positive = new Float64Array(size).fill(1);
  const negative = new Float64Array(size).fill(1);
  for (const { row, isPositive } of examples) {
    const counts = isPositive ? positive : negative;
    for (const id of row.ids) counts[id] = (counts[id] ?? 0) + 1;
  }
  const share = sumOfNamed(negative) / sumOfNamed(positive);
  return positive.map((count, id) =>
    id < FIRST_VOCABULARY_ID ? 1 : Math.abs(Math.log((count / (negative[id] ?? 1)) * share)),
  );
}

function sumOfNamed(counts: Float64Array): number {
  return counts.subarray(FIRST_VOCABULARY_ID).reduce((sum, count) => sum + count, 0);
}

function scale({ ids, values }: SparseRow, factors: Float64Array): SparseRow {
  return { ids, values: values.map((value, index) => value * (factors[ids[index] ?? 0] ?? 1)) };
}

/** Rounds to the precision of the stored model, so that the training's probabilities are those of what is served. */
function asStored({ weights, bias }: LinearModel): LinearModel {
  return { weights: weights.map(Math.fround), bias: Math.fround(bias) };
}
