import { gzipSync } from 'node:zlib';
import type { Variable } from '../inputs.ts';
import { Problem } from '../problem.ts';

/**
 * Named values, each a text or a list of texts, in the words that the host program reads. The verbs of one plan, separated by
 * blanks, are one transaction.
 */
export type HostPlan = Record<string, string | string[]> & { app: string; verbs: string };

export interface Step {
  name: string;
  milliseconds: number;
}

/** The release that the host says is live. */
export interface LiveRelease {
  release: string;
  digest: string;
  settings: string;
  /** Whether the variables, with the secrets' values of now, are those that the live container was started with. */
  environment: 'same' | 'changed';
  /** Whether answers on the host's port came from it. */
  serving: boolean;
}

/** Facts about a rollout that the host refused. */
export interface Failure {
  code: string;
  text: string;
  exitCode: number | undefined;
  outOfMemory: boolean;
  /** Whether the candidate was still running when the facts were taken. */
  running: boolean | undefined;
  containerError: string;
  /** Sockets on which the candidate listened, as /proc/net/tcp writes them. */
  listening: string[];
  answers: { status: string; count: number }[];
  healthBody: string;
  healthError: string;
  log: string;
  migrationLog: string;
  programLog: string;
}

/** How far the verbs brought the host: `prepared` and `switched` are ways to `deployed`, the others come after a failure. */
export type HostOutcome = 'prepared' | 'switched' | 'deployed' | 'reverted' | 'empty' | 'broken';

/** What a host printed. */
export interface HostReport {
  /** Digest of the program that ran, where a document holds it. */
  program: string;
  steps: Step[];
  boot: 'complete' | 'error' | undefined;
  engine: string;
  architecture: string;
  live: LiveRelease | undefined;
  outcome: HostOutcome | undefined;
  /** The release that was proven to answer after a failed rollout. */
  serving: string;
  brokenText: string;
  /** How long nothing answered, where the strategy has a gap. */
  gapMilliseconds: number | undefined;
  drainExpired: boolean;
  /** Why nothing answers on the metrics port; empty if it does, or none is wanted. */
  metricsProblem: string;
  migrationLog: string;
  failure: Failure | undefined;
}

/**
 * What AWS counts against a document's 64 KB includes the parameters of a run; the rest is room for its own JSON.
 * Source: CreateDocument, Content, in the Systems Manager API reference.
 */
const largestCommand = 60_000;

/** Base64 of NUL-terminated keys and values in turn: no value can end its field or be taken for code. */
export function encodePlan(plan: HostPlan): string {
  return planFields(plan).toString('base64');
}

/** A plan for Parameter Store, whose values are short: base64 of the same fields, compressed. */
export function formatStoredPlan(plan: HostPlan): string {
  return gzipSync(planFields(plan), { level: 9 }).toString('base64');
}

function planFields(plan: HostPlan): Buffer {
  const fields = Object.entries(plan).flatMap(([key, value]) =>
    [value].flat().map((text) => `${key}\0${text}\0`),
  );
  return Buffer.from(fields.join(''));
}

/** What Run Command is asked to run. */
export interface HostCommand {
  document: string;
  parameters: Record<string, string[]>;
}

/**
 * The command that carries a plan to a host.
 * @param document name of the SSM document that holds the program; empty to send the program along
 * @param program the host program's text
 * @throws Problem if both together are larger than Run Command takes
 */
export function hostCommand(document: string, program: string, plan: HostPlan): HostCommand {
  const command = commandText(program, plan);
  if (Buffer.byteLength(command) > largestCommand) {
    throw new Problem(
      `The plan for the host is ${Buffer.byteLength(command)} bytes and Run Command takes ${largestCommand}. ` +
        'Most of it is the values of the input env: move large ones to Parameter Store or Secrets Manager and name them in secrets.',
    );
  }
  if (document === '') return { document: 'AWS-RunShellScript', parameters: { commands: [command] } };
  return { document, parameters: { plan: [encodePlan(plan)] } };
}

function commandText(program: string, plan: HostPlan): string {
  const [shebang = '', ...rest] = program.split('\n');
  return [shebang, `EC2_DEPLOY_PLAN='${encodePlan(plan)}'`, ...rest].join('\n');
}

/** NAME=VALUE, as docker takes variables. */
export function assignment({ name, value }: Variable): string {
  return `${name}=${value}`;
}

/**
 * Reads what the host program printed; unknown lines are passed over, so that a noisy shell start-up file does no harm.
 * @param output the standard output of the command
 */
export function readHostReport(output: string): HostReport {
  const lines = output.split('\n').flatMap((line) => parseLine(line) ?? []);
  const all = (key: string) => lines.filter((line) => line.key === key).map((line) => line.value);
  const last = (key: string) => all(key).at(-1);
  return {
    program: last('program') ?? '',
    steps: all('step').map(parseStep),
    boot: oneOf(last('boot'), ['complete', 'error']),
    engine: last('engine') ?? '',
    architecture: last('architecture') ?? '',
    live: readLive(last),
    outcome: oneOf(last('outcome'), ['prepared', 'switched', 'deployed', 'reverted', 'empty', 'broken']),
    serving: last('serving') ?? '',
    brokenText: last('broken') ?? '',
    gapMilliseconds: toNumber(last('gap')),
    drainExpired: last('drain-expired') === 'yes',
    metricsProblem: last('metrics-problem') ?? '',
    migrationLog: last('migration-log') ?? '',
    failure: last('failure') === undefined ? undefined : readFailure(all, last),
  };
}

interface Line {
  key: string;
  value: string;
}

function parseLine(line: string): Line | undefined {
  const match = /^(@?)([a-z-]+) (.*)$/.exec(line);
  if (match === null) return undefined;
  const [, encoded, key = '', value = ''] = match;
  return { key, value: encoded === '@' ? Buffer.from(value, 'base64').toString('utf8') : value };
}

function parseStep(text: string): Step {
  const [name = '', milliseconds = '0'] = text.split(' ');
  return { name, milliseconds: Number(milliseconds) };
}

function readLive(last: (key: string) => string | undefined): LiveRelease | undefined {
  const release = last('live-release');
  if (release === undefined) return undefined;
  return {
    release,
    digest: last('live-digest') ?? '',
    settings: last('live-settings') ?? '',
    environment: last('live-environment') === 'same' ? 'same' : 'changed',
    serving: last('live-serving') === 'yes',
  };
}

function readFailure(all: (key: string) => string[], last: (key: string) => string | undefined): Failure {
  return {
    code: last('failure') ?? '',
    text: last('failure-text') ?? '',
    exitCode: toNumber(last('exit-code')),
    outOfMemory: last('out-of-memory') === 'true',
    running: toBoolean(last('running')),
    containerError: last('container-error') ?? '',
    listening: (last('listening') ?? '').split('\n').filter((socket) => socket !== ''),
    answers: all('health-answer').map(parseAnswer),
    healthBody: last('health-body') ?? '',
    healthError: last('health-error') ?? '',
    log: last('log') ?? '',
    migrationLog: last('migration-log') ?? '',
    programLog: last('program-log') ?? '',
  };
}

function parseAnswer(text: string): { status: string; count: number } {
  const [status = '', count = '0'] = text.split(' ');
  return { status, count: Number(count) };
}

function oneOf<Word extends string>(value: string | undefined, words: Word[]): Word | undefined {
  return words.find((word) => word === value);
}

function toNumber(value: string | undefined): number | undefined {
  return value === undefined || value === '' ? undefined : Number(value);
}

function toBoolean(value: string | undefined): boolean | undefined {
  return value === undefined ? undefined : value === 'true';
}
