import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBreak, MAX_TOKENS, MAX_WORD_CHARACTERS, tokenise } from '../../src/model/tokenise.ts';

/** Always the same texts, so that a failure is one of the code. */
const RUNS = { seed: 20_261_123, numRuns: 2_000 };

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({
    unit: fc.constantFrom(..."aAéÉßİıΣςẖＡ①½…’'’!.,;:?-_ \n\t\u00a0\u200d\ud83d\ude00\ud800中的אب٣"),
  }),
);
const asciiText = fc.string({ unit: 'binary-ascii', maxLength: 200 });

describe('tokenise', () => {
  it.each<[string, string[]]>([
    ['The food was GREAT!', ['the', 'food', 'was', 'great', '!']],
    ["I don't like it...  at all", ['i', "don't", 'like', 'it', '.', 'at', 'all']],
    ['It’s a “must‑see”', ["it's", 'a', 'must', 'see']],
    ['What?! 10/10; yes', ['what', '?', '10', '10', ';', 'yes']],
    ["'quoted' rock'n'roll", ['quoted', "rock'n", 'roll']],
    ['Café CAFE\u0301', ['café', 'café']],
    // This letter has a common form with its accent in lower case only.
    ['H\u0331', ['\u1e96']],
    ['ＦＵＬＬ width ① ½', ['full', 'width', '1', '1', '2']],
    ['😀 \ud800 ???', ['?']],
    ['', []],
    [' \n\t', []],
  ])('splits %j', (text, tokens) => {
    expect(tokenise(text)).toEqual(tokens);
  });

  it('finds for any text bounded tokens that are words or marks', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const token of tokenise(text)) {
          expect([...token].length).toBeLessThanOrEqual(MAX_WORD_CHARACTERS);
          expect(isBreak(token) || /^[\p{L}\p{M}\p{N}]+('[\p{L}\p{M}]+)?$/u.test(token)).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('finds the same tokens in the text that its tokens make', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const tokens = tokenise(text);
        expect(tokenise(tokens.join(' '))).toEqual(tokens);
      }),
      RUNS,
    );
  });

  it('makes no difference between upper and lower case', () => {
    fc.assert(
      fc.property(asciiText, (text) => {
        expect(tokenise(text.toUpperCase())).toEqual(tokenise(text.toLowerCase()));
      }),
      RUNS,
    );
  });

  it('makes no difference between one space and any white space', () => {
    const space = fc.string({
      unit: fc.constantFrom(' ', '\n', '\t', '\r', '\u00a0', '\u3000'),
      minLength: 1,
    });
    fc.assert(
      fc.property(fc.array(asciiText), space, (parts, between) => {
        expect(tokenise(between + parts.join(between))).toEqual(tokenise(parts.join(' ')));
      }),
      RUNS,
    );
  });

  it('finds the same tokens in composed and decomposed characters', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(tokenise(text.normalize('NFD'))).toEqual(tokenise(text.normalize('NFC')));
      }),
      RUNS,
    );
  });

  it.each<[string, string]>([
    ['words', 'word '],
    ['letters without a space', 'x'],
    ['apostrophes between letters', "a'"],
    ['marks', '!?'],
    ['combining accents', 'e\u0301'],
    ['unpaired surrogates', '\ud800'],
  ])('reads the beginning of a million %s, and no more', (_name, part) => {
    const whole = tokenise(part.repeat(1_000_000));
    expect(whole.length).toBeLessThanOrEqual(MAX_TOKENS);
    expect(whole).toEqual(tokenise(part.repeat(50 * MAX_TOKENS)));
  });
});
