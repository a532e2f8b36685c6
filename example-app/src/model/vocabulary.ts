import { FIRST_VOCABULARY_ID, type Vocabulary } from './features.ts';

const NEGATED_PREFIX = 'not:';

/** The name of a feature: a word as it is, one that is negated, or a pair. None can be taken for another: no word has a colon or a space. */
export const nameOf = {
  word: (word: string) => word,
  negated: (word: string) => `${NEGATED_PREFIX}${word}`,
  pair: (first: string, second: string) => `${first} ${second}`,
} as const;

/** Tells whether a feature's name is that of a pair of words. */
export function isPairName(name: string): boolean {
  return name.includes(' ');
}

/**
 * Makes a vocabulary whose ids follow the order of the features' names. Nothing is put together to look it up: a text's
 * pairs and negated words are found under the words as they are.
 */
export function createVocabulary(
  names: readonly string[],
  lexicon: Iterable<readonly [string, number]>,
): Vocabulary {
  const words = new Map<string, number>();
  const negated = new Map<string, number>();
  const pairs = new Map<string, Map<string, number>>();
  const valences = new Map(lexicon);
  for (const [index, name] of names.entries()) {
    const id = FIRST_VOCABULARY_ID + index;
    const [first = '', second] = name.split(' ');
    if (second !== undefined) pairsAfter(first, pairs).set(second, id);
    else if (name.startsWith(NEGATED_PREFIX)) negated.set(name.slice(NEGATED_PREFIX.length), id);
    else words.set(name, id);
  }
  return {
    idOfWord: (word) => words.get(word),
    idOfNegated: (word) => negated.get(word),
    idOfPair: (first, second) => pairs.get(first)?.get(second),
    valenceOf: (word) => valences.get(word),
  };
}

function pairsAfter(first: string, pairs: Map<string, Map<string, number>>): Map<string, number> {
  const known = pairs.get(first);
  if (known) return known;
  const created = new Map<string, number>();
  pairs.set(first, created);
  return created;
}
