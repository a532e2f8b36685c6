import { isBreak } from './tokenise.ts';

/** What the features of a text are looked up in. Each returns undefined for what it does not know. */
export interface Vocabulary {
  /** Returns the feature's id of a word. */
  idOfWord(word: string): number | undefined;
  /** Returns the feature's id of a word that is negated. */
  idOfNegated(word: string): number | undefined;
  /** Returns the feature's id of a word right before another. */
  idOfPair(first: string, second: string): number | undefined;
  /** Returns how positive (up to 4) or negative (down to -4) a word is by the lexicon. */
  valenceOf(word: string): number | undefined;
}

/**
 * The features of one text, a sparse row of the model's input: feature `ids[i]` has the value `values[i]`
 * because of the words from `firstWords[i]` to `lastWords[i]`. All four have the same length.
 */
export interface FeatureRow {
  readonly ids: number[];
  readonly values: number[];
  readonly firstWords: number[];
  readonly lastWords: number[];
  /** The words of the text in their order, without marks. */
  readonly words: string[];
}

/** The first ids are the sums of the lexicon's valences, of negated words apart; those of the vocabulary begin after them. */
export const LEXICON_FEATURES = { positive: 0, negative: 1, negated: 2 } as const;
export const FIRST_VOCABULARY_ID = 3;

/** A negation marks this many words after it, unless a mark ends the clause before. */
const NEGATION_SCOPE_WORDS = 4;
/** Brings the lexicon's sums to the size of the other features, so that all are regularised alike. */
const LEXICON_SCALE = 0.3;
const NEGATIONS: ReadonlySet<string> = new Set(
  (
    'not no never nor neither none nothing nowhere nobody hardly barely rarely seldom scarcely without cannot lack lacks ' +
    'dont doesnt didnt wont isnt wasnt cant couldnt wouldnt shouldnt aint'
  ).split(' '),
);

/** Turns the tokens of a text into its features. Training and serving both do it here. */
export function extractFeatures(tokens: readonly string[], vocabulary: Vocabulary): FeatureRow {
  const builder = new RowBuilder(vocabulary);
  for (const token of tokens) {
    if (isBreak(token)) builder.addBreak();
    else builder.addWord(token);
  }
  return builder.row;
}

class RowBuilder {
  readonly row: FeatureRow = { ids: [], values: [], firstWords: [], lastWords: [], words: [] };
  readonly #vocabulary: Vocabulary;
  #previousWord: string | undefined;
  #negatedWordsLeft = 0;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  addBreak(): void {
    this.#previousWord = undefined;
    this.#negatedWordsLeft = 0;
  }

  addWord(word: string): void {
    const place = this.row.words.push(word) - 1;
    const isNegated = this.#negatedWordsLeft > 0;
    this.#addKnown(
      isNegated ? this.#vocabulary.idOfNegated(word) : this.#vocabulary.idOfWord(word),
      place,
      place,
    );
    if (this.#previousWord !== undefined) {
      this.#addKnown(this.#vocabulary.idOfPair(this.#previousWord, word), place - 1, place);
    }
    this.#addValence(word, place, isNegated);
    this.#previousWord = word;
    if (isNegation(word)) this.#negatedWordsLeft = NEGATION_SCOPE_WORDS;
    else if (isNegated) this.#negatedWordsLeft -= 1;
  }

  #addKnown(id: number | undefined, firstWord: number, lastWord: number): void {
    if (id !== undefined) this.#add(id, 1, firstWord, lastWord);
  }

  #addValence(word: string, place: number, isNegated: boolean): void {
    const valence = this.#vocabulary.valenceOf(word);
    if (valence === undefined) return;
    this.#add(lexiconFeature(valence, isNegated), LEXICON_SCALE * valence, place, place);
  }

  #add(id: number, value: number, firstWord: number, lastWord: number): void {
    this.row.ids.push(id);
    this.row.values.push(value);
    this.row.firstWords.push(firstWord);
    this.row.lastWords.push(lastWord);
  }
}

function lexiconFeature(valence: number, isNegated: boolean): number {
  if (isNegated) return LEXICON_FEATURES.negated;
  return valence > 0 ? LEXICON_FEATURES.positive : LEXICON_FEATURES.negative;
}

function isNegation(word: string): boolean {
  return NEGATIONS.has(word) || word.endsWith("n't");
}
