import { accept, type Checked, type InputProblem, problemsOf, quote, refuse } from './checked.ts';
import { allDefaults, type InputName } from './defaults.ts';
import type { Form } from './forms.ts';
import { splitWords } from './words.ts';

/** Gives an input's text, not trimmed; its default for one that is empty or not set. */
export type Read = (input: InputName) => string;

export function isEmpty(text: string): boolean {
  return text.trim() === '';
}

/** Whether an input was set to something else than its default. */
export function isSet(read: Read, input: InputName): boolean {
  return read(input).trim() !== allDefaults[input];
}

export function problem(
  input: string,
  finding: string,
  { allowed, example }: Pick<InputProblem, 'allowed' | 'example'>,
): InputProblem {
  return { input, finding, allowed, example };
}

export function readForm<T>(read: Read, input: InputName, form: Form<T>): Checked<T> {
  return checkForm(input, read(input).trim(), form);
}

/** Reads an input that may be empty. */
export function readOptional(read: Read, input: InputName, form: Form<string>): Checked<string> {
  return isEmpty(read(input)) ? accept('') : readForm(read, input, form);
}

/** @param origin where the text is from, if not from the input itself, for example ` (from AWS_REGION)` */
export function checkForm<T>(input: string, text: string, form: Form<T>, origin = ''): Checked<T> {
  const value = form.parse(text);
  if (value !== undefined) return accept(value);
  return refuse(problem(input, `${quote(text)}${origin} is not ${form.noun}`, form));
}

/** Reads a list of texts of one form and finds the problems of all of them. */
export function checkEach<T>(input: string, texts: readonly string[], form: Form<T>): Checked<T[]> {
  const checks = texts.map((text) => checkForm(input, text, form));
  const problems = checks.flatMap(problemsOf);
  if (problems.length > 0) return refuse(...problems);
  return accept(checks.flatMap((check) => (check.ok ? [check.value] : [])));
}

/** Reads a command line as its words; none when the input is empty. */
export function readWords(read: Read, input: InputName, example: string): Checked<string[]> {
  const words = splitWords(read(input));
  if (words.ok) return accept(words.words);
  const allowed = 'words as a shell splits them, every quote closed; nothing is expanded';
  return refuse(problem(input, words.reason, { allowed, example }));
}
