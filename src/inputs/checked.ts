/** One thing that is wrong with one input, and how to put it right. */
export interface InputProblem {
  input: string;
  /** What was given and why it is refused, for example `"70000" is not a port`. */
  finding: string;
  allowed: string;
  example: string;
}

/** A value that passed every rule, or everything that is wrong with it. */
export type Checked<T> = { ok: true; value: T } | { ok: false; problems: InputProblem[] };

/** The inputs are not valid; the message names every problem, one a line. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly problems: readonly InputProblem[];

  constructor(problems: readonly InputProblem[]) {
    super(describe(problems));
    this.problems = problems;
  }
}

export function accept<T>(value: T): Checked<T> {
  return { ok: true, value };
}

export function refuse(...problems: InputProblem[]): { ok: false; problems: InputProblem[] } {
  return { ok: false, problems };
}

/**
 * Joins checks, so that the problems of all parts are found in one go.
 * @returns the parts' values under the same names, or the problems of every part
 */
export function combine<T extends object>(parts: { [Name in keyof T]: Checked<T[Name]> }): Checked<T> {
  const entries = Object.entries<Checked<unknown>>(parts);
  const problems = entries.flatMap(([, part]) => problemsOf(part));
  if (problems.length > 0) return refuse(...problems);
  return accept(Object.fromEntries(entries.map(([name, part]) => [name, part.ok && part.value])) as T);
}

/** Makes another value of one that passed. */
export function convert<T, U>(checked: Checked<T>, make: (value: T) => U): Checked<U> {
  return checked.ok ? accept(make(checked.value)) : checked;
}

/** Adds a rule that needs the whole value, such as one about two inputs at once. */
export function refine<T>(checked: Checked<T>, rule: (value: T) => InputProblem[]): Checked<T> {
  if (!checked.ok) return checked;
  const problems = rule(checked.value);
  return problems.length > 0 ? refuse(...problems) : checked;
}

/**
 * @returns the value
 * @throws InputError with every problem, when there is one
 */
export function valueOrThrow<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  throw new InputError(checked.problems);
}

export function problemsOf(checked: Checked<unknown>): InputProblem[] {
  return checked.ok ? [] : checked.problems;
}

const longestShown = 100;

/** Quotes a value for a message: control characters made visible, long ones cut. */
export function quote(value: string): string {
  const characters = [...value];
  const shown = characters.length > longestShown ? `${characters.slice(0, longestShown).join('')}…` : value;
  return JSON.stringify(shown);
}

/** Joins words as a sentence does: `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly (string | number)[]): string {
  const last = words.at(-1) ?? '';
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${last}` : String(last);
}

function describe(problems: readonly InputProblem[]): string {
  const heading =
    problems.length === 1
      ? 'There is a problem with the inputs:'
      : `There are ${problems.length} problems with the inputs:`;
  return [heading, ...problems.map(describeOne)].join('\n');
}

function describeOne({ input, finding, allowed, example }: InputProblem): string {
  return `- ${input}: ${finding}. Allowed: ${allowed}. Example: ${example}`;
}
