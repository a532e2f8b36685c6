import { createHash } from 'node:crypto';
import { isBreak, tokenise } from '../src/model/tokenise.ts';
import type { Sentence } from './sentences.ts';

export interface FoldOptions {
  readonly folds: number;
  readonly seed: string;
}

/**
 * Deals the sentences into folds, each with the same share of every source and class. Sentences of the same words go into
 * the same fold: one that was trained on would be no test of what the model makes of new ones.
 * @returns the number of the fold, from 0, of each sentence.
 */
export function dealFolds(sentences: readonly Sentence[], { folds, seed }: FoldOptions): number[] {
  const keys = sentences.map(({ text }) => wordsOf(text));
  const foldOfKey = new Map<string, number>();
  for (const stratum of stratify(sentences, keys)) {
    const shuffled = [...stratum].sort((a, b) => compare(hash(seed, a), hash(seed, b)));
    for (const [place, key] of shuffled.entries()) {
      if (!foldOfKey.has(key)) foldOfKey.set(key, place % folds);
    }
  }
  return keys.map((key) => foldOfKey.get(key) ?? 0);
}

/** Two sentences that differ in nothing but case, spaces and marks have the same. */
function wordsOf(text: string): string {
  return tokenise(text)
    .filter((token) => !isBreak(token))
    .join(' ');
}

/** Groups the keys, each once, by source and class. */
function stratify(sentences: readonly Sentence[], keys: readonly string[]): Iterable<Set<string>> {
  const strata = new Map<string, Set<string>>();
  for (const [index, { source, isPositive }] of sentences.entries()) {
    const name = `${source} ${isPositive}`;
    const stratum = strata.get(name) ?? new Set();
    stratum.add(keys[index] ?? '');
    strata.set(name, stratum);
  }
  return strata.values();
}

/** An order that looks random, and is the same on every machine. */
function hash(seed: string, key: string): string {
  return createHash('sha256').update(`${seed}\n${key}`).digest('hex');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
