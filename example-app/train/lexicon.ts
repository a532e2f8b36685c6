import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isBreak, tokenise } from '../src/model/tokenise.ts';

const require = createRequire(import.meta.url);

/**
 * Reads VADER's lexicon from the npm package `vader-sentiment`: a word and how positive (up to 4) or negative (down to -4)
 * ten people found it. Emoticons and phrases, which the tokeniser does not read as one word, are left out.
 */
export function readLexicon(): Map<string, number> {
  const lines = readFileSync(require.resolve('vader-sentiment/vader_lexicon.txt'), 'utf8').split('\n');
  const lexicon = new Map<string, number>();
  for (const line of lines) {
    const [entry = '', valence = ''] = line.split('\t');
    if (isOneWord(entry)) lexicon.set(entry, Number(valence));
  }
  return lexicon;
}

function isOneWord(entry: string): boolean {
  const tokens = tokenise(entry);
  return tokens.length === 1 && tokens[0] === entry && !isBreak(entry);
}
