/** The words of a command line, or the place at which it cannot be read. */
export type Words = { ok: true; words: string[] } | { ok: false; reason: string };

const piece =
  /(?<gap>[ \t\n]+)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\[\s\S])*)"|\\(?<escaped>[\s\S])|(?<plain>[^ \t\n'"\\]+)/uy;

/**
 * Splits a command line into words as a POSIX shell does, with its quotes and backslashes but nothing
 * expanded: `$`, `*`, `;` and `|` stand for themselves.
 * Source: POSIX.1-2024, Shell Command Language, 2.2 Quoting.
 */
export function splitWords(text: string): Words {
  const words: string[] = [];
  let word: string | undefined;
  let position = 0;
  while (position < text.length) {
    piece.lastIndex = position;
    const match = piece.exec(text);
    if (match === null) return { ok: false, reason: unreadable(text, position) };
    const literal = literalOf(match.groups ?? {});
    if (literal !== undefined) word = (word ?? '') + literal;
    else if (match.groups?.['gap'] !== undefined && word !== undefined) {
      words.push(word);
      word = undefined;
    }
    position += match[0].length;
  }
  return { ok: true, words: word === undefined ? words : [...words, word] };
}

/** What a piece adds to the current word; undefined for one that adds nothing, not even an empty word. */
function literalOf({
  single,
  double,
  escaped,
  plain,
}: Record<string, string | undefined>): string | undefined {
  // A backslash before a line's end joins the lines.
  if (escaped === '\n') return undefined;
  return single ?? double?.replace(/\\([$`"\\])|\\\n/g, '$1') ?? escaped ?? plain;
}

function unreadable(text: string, position: number): string {
  const place = `character ${[...text.slice(0, position)].length + 1}`;
  return text[position] === '\\'
    ? `the backslash at the end (${place}) has nothing to quote`
    : `the quote ${text[position]} opened at ${place} is never closed`;
}
