import type { Variable } from '../inputs.ts';
import { accept, type Checked, type InputProblem, listed, quote, refuse } from './checked.ts';

const form = {
  allowed:
    'one NAME=VALUE a line, or NAME<<DELIMITER, the lines of the value, and DELIMITER on its own line; NAME of letters, digits and _, not starting with a digit',
  example: 'LOG_LEVEL=info',
};

interface Assignment {
  kind: 'assignment';
  line: number;
  name: string;
  value: string;
}

/** A line with neither `=` nor `<<`. */
interface Stray {
  kind: 'stray';
  line: number;
  text: string;
}

type Entry = Assignment | Stray | { kind: 'unclosed'; line: number };

/**
 * Reads variables in the syntax of GITHUB_ENV: `NAME=VALUE` lines, in which everything after the first `=` is
 * the value byte for byte, and `NAME<<DELIMITER` for a value of several lines. Blank lines and lines that
 * start with `#` are skipped. A problem never shows a value, and shows a name only where it is surely one.
 * Source: GitHub's "Workflow commands", multiline strings.
 */
export function parseVariables(input: string, text: string): Checked<Variable[]> {
  const entries = [...readEntries(text.split('\n'))];
  const assignments = entries.filter((entry) => entry.kind === 'assignment');
  const strays = entries.filter((entry) => entry.kind === 'stray');
  const findings = [
    ...strayLines(strays),
    ...unclosedValues(entries),
    ...badNames(assignments, strays.every(isSurelyName)),
    ...repeatedNames(assignments),
    ...valuesWithNul(assignments),
  ];
  if (findings.length > 0)
    return refuse(...findings.map((finding): InputProblem => ({ input, finding, ...form })));
  return accept(assignments.map(({ name, value }) => ({ name, value })));
}

function* readEntries(lines: readonly string[]): Generator<Entry> {
  let index = 0;
  while (index < lines.length) {
    const [entry, length] = readEntry(lines, index);
    if (entry !== undefined) yield entry;
    index += length;
  }
}

/** Reads the entry that starts at a line; returns it, and of how many lines it is. */
function readEntry(lines: readonly string[], index: number): [Entry | undefined, number] {
  const text = lines[index] ?? '';
  const line = index + 1;
  if (text.trim() === '' || text.startsWith('#')) return [undefined, 1];
  const heredoc = /^([^=]*?)<<(.+)$/s.exec(text);
  if (heredoc !== null) return readHeredoc(lines, index, heredoc[1] ?? '', heredoc[2] ?? '');
  const equals = text.indexOf('=');
  if (equals < 0) return [{ kind: 'stray', line, text }, 1];
  return [{ kind: 'assignment', line, name: text.slice(0, equals), value: text.slice(equals + 1) }, 1];
}

function readHeredoc(
  lines: readonly string[],
  index: number,
  name: string,
  delimiter: string,
): [Entry, number] {
  const line = index + 1;
  const end = lines.indexOf(delimiter, index + 1);
  if (end < 0) return [{ kind: 'unclosed', line }, lines.length - index];
  return [{ kind: 'assignment', line, name, value: lines.slice(index + 1, end).join('\n') }, end - index + 1];
}

function strayLines(strays: readonly Stray[]): string[] {
  if (strays.length === 0) return [];
  if (strays.every(isSurelyName))
    return strays.map(({ text, line }) => `${quote(text)} on line ${line} has no "="`);
  const lines = strays.map(({ line }) => line);
  return [lines.length === 1 ? `line ${lines[0]} has no "="` : `lines ${listed(lines)} have no "="`];
}

/** Anything else can be a line of a value of several lines, perhaps of a private key. */
function isSurelyName({ text }: Stray): boolean {
  return /^[A-Z_][A-Z0-9_]{0,39}$/.test(text);
}

function unclosedValues(entries: readonly Entry[]): string[] {
  return entries
    .filter(({ kind }) => kind === 'unclosed')
    .map(({ line }) => `the value that starts on line ${line} never ends: no later line is its DELIMITER`);
}

/** What stands before a `=` can be a piece of a value, too: it is shown only where it looks like a name. */
function badNames(assignments: readonly Assignment[], linesAreRead: boolean): string[] {
  return assignments
    .filter(({ name }) => !isVariableName(name))
    .map(({ name, line }) => {
      const shown = linesAreRead && /^[\w .-]{0,40}$/.test(name) ? `${quote(name)} ` : '';
      return `the name ${shown}on line ${line} is not a variable's name`;
    });
}

function repeatedNames(assignments: readonly Assignment[]): string[] {
  const byName = Map.groupBy(assignments, ({ name }) => name);
  return [...byName]
    .filter(([name, those]) => those.length > 1 && isVariableName(name))
    .map(
      ([name, those]) => `${name} is set more than once, on lines ${listed(those.map(({ line }) => line))}`,
    );
}

function valuesWithNul(assignments: readonly Assignment[]): string[] {
  return assignments
    .filter(({ value }) => value.includes('\0'))
    .map(({ line }) => `the value on line ${line} has a NUL character, which no environment can hold`);
}

function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}
