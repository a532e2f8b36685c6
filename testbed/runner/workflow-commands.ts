import type { Masker } from './masker.ts';

/** What an action says to the user beside its log. */
export interface Annotation {
  level: 'error' | 'warning' | 'notice';
  title: string;
  message: string;
  properties: Record<string, string>;
}

/** One command that a line of output gives to the runner. */
export interface WorkflowCommand {
  name: string;
  properties: Record<string, string>;
  data: string;
}

/** Where commands leave what they change. */
export interface CommandEffects {
  annotations: Annotation[];
  outputs: Map<string, string>;
  state: Map<string, string>;
  masker: Masker;
  /** Writes a line to the step's log. */
  log(line: string): void;
}

type Handler = (command: WorkflowCommand, effects: CommandEffects) => void;

const DATA_ESCAPES: [string, string][] = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%25', '%'],
];
const PROPERTY_ESCAPES: [string, string][] = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%3A', ':'],
  ['%2C', ','],
  ['%25', '%'],
];
const BRACKET_ESCAPES: [string, string][] = [
  ['%3B', ';'],
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%5D', ']'],
  ['%25', '%'],
];

const HANDLERS: Record<string, Handler> = {
  debug: ({ data }, { log }) => eachLine(data, (line) => log(`##[debug]${line}`)),
  notice: annotate('notice'),
  warning: annotate('warning'),
  error: annotate('error'),
  group: ({ data }, { log }) => log(`##[group]${data}`),
  endgroup: (_, { log }) => log('##[endgroup]'),
  'add-mask': addMask,
  'set-output': ({ properties, data }, { outputs }) => outputs.set(required(properties, 'name'), data),
  'save-state': ({ properties, data }, { state }) => state.set(required(properties, 'name'), data),
  'set-env': refuse,
  'add-path': refuse,
  'add-matcher': ignore,
  'remove-matcher': ignore,
  echo: ignore,
};

/**
 * Finds the command in a line of output: `::name key=value,key=value::data`, or `##[name key=value;…]data`.
 * @param isKnown which names are commands; a line with another name is plain text
 * Source: actions/runner ActionCommand.cs
 */
export function parseCommand(line: string, isKnown: (name: string) => boolean): WorkflowCommand | undefined {
  return parseColonCommand(line, isKnown) ?? parseBracketCommand(line, isKnown);
}

/** Carries out the commands in a step's output. One per step: `stop-commands` must not outlive it. */
export class CommandProcessor {
  readonly #effects: CommandEffects;
  #resumeToken: string | undefined;

  constructor(effects: CommandEffects) {
    this.#effects = effects;
  }

  /** Takes one line of stdout or stderr: carries out the command in it, or logs it. */
  take(line: string): void {
    const command = parseCommand(line, (name) => this.#isKnown(name));
    if (command === undefined || !this.#process(command, line)) this.#effects.log(line);
  }

  #isKnown(name: string): boolean {
    return name === 'stop-commands' || name in HANDLERS || name === this.#resumeToken;
  }

  /** Returns false when the line is to be logged like any other. */
  #process(command: WorkflowCommand, line: string): boolean {
    if (this.#resumeToken !== undefined) {
      if (command.name === this.#resumeToken) this.#resumeToken = undefined;
      return false;
    }
    if (command.name === 'stop-commands') {
      this.#resumeToken = command.data.toLowerCase();
      return false;
    }
    this.#carryOut(command, line);
    return true;
  }

  #carryOut(command: WorkflowCommand, line: string): void {
    try {
      HANDLERS[command.name]?.(command, this.#effects);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const reported = `Unable to process command '${line}' successfully. ${message}`;
      HANDLERS['error']?.({ name: 'error', properties: {}, data: reported }, this.#effects);
    }
  }
}

function parseColonCommand(line: string, isKnown: (name: string) => boolean): WorkflowCommand | undefined {
  const trimmed = line.trimStart();
  if (!trimmed.startsWith('::')) return undefined;
  const end = trimmed.indexOf('::', 2);
  if (end < 0) return undefined;
  const { name, properties } = splitHead(trimmed.slice(2, end), ',', PROPERTY_ESCAPES);
  if (!isKnown(name)) return undefined;
  return { name, properties, data: decode(trimmed.slice(end + 2), DATA_ESCAPES) };
}

function parseBracketCommand(line: string, isKnown: (name: string) => boolean): WorkflowCommand | undefined {
  const start = line.indexOf('##[');
  const end = line.indexOf(']', start);
  if (start < 0 || end < 0) return undefined;
  const { name, properties } = splitHead(line.slice(start + 3, end), ';', BRACKET_ESCAPES);
  if (!isKnown(name)) return undefined;
  return { name, properties, data: decode(line.slice(end + 1), BRACKET_ESCAPES) };
}

function splitHead(
  head: string,
  separator: string,
  escapes: [string, string][],
): Pick<WorkflowCommand, 'name' | 'properties'> {
  const spaceAt = head.indexOf(' ');
  if (spaceAt < 0) return { name: head.toLowerCase(), properties: {} };
  const properties: Record<string, string> = {};
  for (const pair of head.slice(spaceAt + 1).split(separator)) {
    const equalsAt = pair.indexOf('=');
    if (equalsAt > 0 && equalsAt < pair.length - 1) {
      properties[pair.slice(0, equalsAt).trim()] = decode(pair.slice(equalsAt + 1), escapes);
    }
  }
  return { name: head.slice(0, spaceAt).toLowerCase(), properties };
}

function decode(text: string, escapes: [string, string][]): string {
  return escapes.reduce((decoded, [written, character]) => decoded.replaceAll(written, character), text);
}

function annotate(level: Annotation['level']): Handler {
  return ({ properties, data }, { annotations, log, masker }) => {
    const title = masker.mask(properties['title'] ?? '');
    annotations.push({ level, title, message: masker.mask(data), properties });
    eachLine(data, (line) => log(`##[${level}]${line}`));
  };
}

function addMask({ data }: WorkflowCommand, { masker, log }: CommandEffects): void {
  if (data.trim() === '') log("##[warning]Can't add secret mask for empty string in ##[add-mask] command.");
  else masker.add(data);
}

function refuse({ name }: WorkflowCommand): void {
  throw new Error(`The \`${name}\` command is disabled. Please upgrade to using Environment Files.`);
}

function ignore(): void {
  // Problem matchers and command echo change only how GitHub's own pages look.
}

function required(properties: Record<string, string>, name: string): string {
  const value = properties[name];
  if (value === undefined) throw new Error(`Required field '${name}' is missing.`);
  return value;
}

function eachLine(text: string, take: (line: string) => void): void {
  for (const line of text.split('\n')) take(line);
}
