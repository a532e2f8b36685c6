import type { FeatureRow } from './features.ts';

/** A word, in lower case, and what it adds to the log-odds that the text is positive. */
export interface WordWeight {
  readonly word: string;
  readonly weight: number;
}

/**
 * Adds up what each word's features contribute; a pair of words counts half for each of the two.
 * @returns the words that weighed most, for or against, the weightiest first.
 */
export function weightiestWords(row: FeatureRow, contributions: Float32Array, most: number): WordWeight[] {
  const weights = new Map<string, number>();
  for (const [index, contribution] of contributions.entries()) {
    const first = row.firstWords[index] ?? 0;
    const last = row.lastWords[index] ?? 0;
    const share = contribution / (last - first + 1);
    for (let place = first; place <= last; place++) {
      const word = row.words[place] ?? '';
      weights.set(word, (weights.get(word) ?? 0) + share);
    }
  }
  return [...weights]
    .map(([word, weight]) => ({ word, weight }))
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, most);
}
