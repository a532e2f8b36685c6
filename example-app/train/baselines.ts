import Sentiment from 'sentiment';
import vader from 'vader-sentiment';
import type { Sentence } from './sentences.ts';

/** Something that calls a sentence positive or not. */
export type Classifier = (text: string) => boolean;

const sentiment = new Sentiment();

/** AFINN-165: the sum of a word list's scores. */
export const afinn: Classifier = (text) => sentiment.analyze(text).score > 0;

/** VADER: a lexicon with rules for negation, emphasis and punctuation. */
export const vaderCompound: Classifier = (text) =>
  vader.SentimentIntensityAnalyzer.polarity_scores(text).compound > 0;

/** Returns the share of the sentences that are classified as they are labelled, from 0 to 1. */
export function accuracyOf(classify: Classifier, sentences: readonly Sentence[]): number {
  const right = sentences.filter(({ text, isPositive }) => classify(text) === isPositive);
  return right.length / sentences.length;
}
