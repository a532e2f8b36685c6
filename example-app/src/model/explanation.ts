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
  const weightiest: WordWeight[] = [];
  for (const [word, weight] of weighWords(row, weighPlaces(row, contributions))) {
    const size = Math.abs(weight);
    if (weightiest.length === most && size <= sizeAt(weightiest, most - 1)) continue;
    let place = weightiest.length;
    while (place > 0 && sizeAt(weightiest, place - 1) < size) place--;
    weightiest.splice(place, 0, { word, weight });
    if (weightiest.length > most) weightiest.pop();
  }
  return weightiest;
}

function weighWords({ words }: FeatureRow, weights: Float64Array): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [place, word] of words.entries()) {
    sums.set(word, (sums.get(word) ?? 0) + (weights[place] ?? 0));
  }
  return sums;
}

/** Returns the weight of each word of the text at its place. */
function weighPlaces(row: FeatureRow, contributions: Float32Array): Float64Array {
  const weights = new Float64Array(row.words.length);
  for (let index = 0; index < contributions.length; index++) {
    const first = row.firstWords[index] ?? 0;
    const last = row.lastWords[index] ?? 0;
    const share = (contributions[index] ?? 0) / (last - first + 1);
    for (let place = first; place <= last; place++) weights[place] = (weights[place] ?? 0) + share;
  }
  return weights;
}

function sizeAt(words: readonly WordWeight[], place: number): number {
  return Math.abs(words[place]?.weight ?? 0);
}
