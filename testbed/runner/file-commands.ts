/**
 * Reads the text of a GITHUB_OUTPUT, GITHUB_STATE or GITHUB_ENV file.
 * @returns names and values in the order written; a name may come twice, the last one counts
 * @throws Error with the runner's own words when a line is no `NAME=VALUE` and no `NAME<<DELIMITER`
 * Source: actions/runner FileCommandManager.cs, EnvFileKeyValuePairs
 */
export function parseKeyValueFile(text: string): [name: string, value: string][] {
  const lines = text.split('\n');
  const endsWithoutNewline = lines.pop() ?? '';
  const pairs: [string, string][] = [];
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? '';
    index += 1;
    const heredoc = heredocOf(line);
    if (heredoc !== undefined) {
      const end = lines.indexOf(heredoc.delimiter, index);
      if (end < 0) {
        assertUnterminated(heredoc.delimiter, endsWithoutNewline);
        pairs.push([heredoc.name, lines.slice(index).join('\n')]);
        return pairs;
      }
      pairs.push([heredoc.name, lines.slice(index, end).join('\n')]);
      index = end + 1;
    } else if (line !== '') {
      pairs.push(plainPair(line));
    }
  }
  if (endsWithoutNewline !== '') pairs.push(lastPair(endsWithoutNewline));
  return pairs;
}

/** Reads the text of a GITHUB_PATH file: one folder a line. */
export function parsePathFile(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}

function heredocOf(line: string): { name: string; delimiter: string } | undefined {
  const heredocAt = line.indexOf('<<');
  const equalsAt = line.indexOf('=');
  if (heredocAt < 0 || (equalsAt >= 0 && equalsAt < heredocAt)) return undefined;
  const name = line.slice(0, heredocAt);
  const delimiter = line.slice(heredocAt + 2);
  if (name === '' || delimiter === '') {
    throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
  }
  return { name, delimiter };
}

function plainPair(line: string): [string, string] {
  const equalsAt = line.indexOf('=');
  if (equalsAt < 0) throw new Error(`Invalid format '${line}'`);
  return [line.slice(0, equalsAt), line.slice(equalsAt + 1)];
}

function lastPair(line: string): [string, string] {
  const heredoc = heredocOf(line);
  if (heredoc !== undefined) throw missingDelimiter(heredoc.delimiter);
  return plainPair(line);
}

/** The delimiter may be the file's last line without a newline after it; anything else there is an error. */
function assertUnterminated(delimiter: string, lastLine: string): void {
  if (lastLine === delimiter) return;
  if (lastLine !== '') throw new Error('Invalid value. EOF marker missing new line.');
  throw missingDelimiter(delimiter);
}

function missingDelimiter(delimiter: string): Error {
  return new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
}
