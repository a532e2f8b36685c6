/** Most tokens that are read of a text; what follows is ignored. */
export const MAX_TOKENS = 512;
/** A longer run of letters or digits becomes several words. */
const MAX_STEM_CHARACTERS = 30;
const MAX_ENDING_CHARACTERS = 9;
/** Longest word there can be, in code points: a stem, an apostrophe and an ending. */
export const MAX_WORD_CHARACTERS = MAX_STEM_CHARACTERS + 1 + MAX_ENDING_CHARACTERS;

const LETTER = '[\\p{L}\\p{M}]';
const LETTER_OR_DIGIT = '[\\p{L}\\p{M}\\p{N}]';
const BREAK = '[.,;:!?]';
/** A word, or the first mark of a run of marks. Every part is bounded and unambiguous, so matching takes linear time. */
const TOKEN = new RegExp(
  `${LETTER_OR_DIGIT}{1,${MAX_STEM_CHARACTERS}}(?:'${LETTER}{1,${MAX_ENDING_CHARACTERS}})?|(?<!${BREAK})${BREAK}`,
  'gu',
);
const BREAKS: ReadonlySet<string> = new Set('.,;:!?');
const ASCII = /^\p{ASCII}*$/u;

/**
 * Splits a text into lower-case words (`don't` is one) and the marks that break it into clauses (`. , ; : ! ?`).
 * Training and serving both read texts through this function, so that the model sees what it was trained on.
 * @returns at most MAX_TOKENS tokens.
 */
export function tokenise(text: string): string[] {
  const tokens = normalise(text).match(TOKEN) ?? [];
  return tokens.length > MAX_TOKENS ? tokens.slice(0, MAX_TOKENS) : tokens;
}

/** Tells a mark that breaks a text from a word. */
export function isBreak(token: string): boolean {
  return token.length === 1 && BREAKS.has(token);
}

function normalise(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  // Twice: a letter and its accent may have a common form in lower case only, as in ẖ.
  return text.normalize('NFKC').toLowerCase().normalize('NFKC').replaceAll('’', "'");
}
