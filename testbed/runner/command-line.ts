import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What the user asked for. */
export interface Request {
  actionPath: string;
  inputs: Record<string, string>;
  workspace: string;
  /** Milliseconds after which the job is cancelled; undefined for never. */
  cancelAfter: number | undefined;
  debug: boolean;
}

/** Where the actions are, and where the user stands. */
export interface Surroundings {
  project: string;
  directory: string;
}

/** A command line that asks for nothing that can be done; the message says what can. */
export class UsageError extends Error {}

export const USAGE = `Usage: npm run action -- ACTION [INPUT=VALUE …] [--workspace DIRECTORY] [--cancel-after DURATION] [--debug]

  ACTION           deploy, rollback or check: the committed bundle that its action.yml names
  INPUT=VALUE      an input of the action; given again, it adds a line: env=A=1 env=B=2
  --workspace      the checked-out repository; the current folder by default
  --cancel-after   cancels the job after a time (500ms, 5s, 2m) as GitHub does
  --debug          shows debug lines too`;

const FOLDERS: Record<string, string> = { deploy: '.', rollback: 'rollback', check: 'check' };
const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000 };

/**
 * Reads `deploy key=value … --cancel-after 5s`.
 * @throws UsageError when something is missing or unknown
 */
export function parseCommandLine(parameters: string[], surroundings: Surroundings): Request {
  const request: Request = {
    actionPath: '',
    inputs: {},
    workspace: surroundings.directory,
    cancelAfter: undefined,
    debug: false,
  };
  const rest = [...parameters];
  request.actionPath = findAction(rest.shift(), surroundings.project);
  while (rest.length > 0) readParameter(rest, request);
  return request;
}

function findAction(name: string | undefined, project: string): string {
  const folder = FOLDERS[name ?? ''];
  if (folder === undefined) {
    throw new UsageError(
      `${name === undefined ? 'No action given' : `Unknown action '${name}'`}\n\n${USAGE}`,
    );
  }
  const actionPath = join(project, folder);
  if (!existsSync(join(actionPath, 'action.yml'))) {
    throw new UsageError(
      `There is no action '${name}' yet: ${join(actionPath, 'action.yml')} does not exist.`,
    );
  }
  return actionPath;
}

/** Takes one parameter, and its value when that stands apart, from the front of the list. */
function readParameter(rest: string[], request: Request): void {
  const parameter = rest.shift() ?? '';
  const [name = '', ...parts] = parameter.split('=');
  const value = () => (parts.length > 0 ? parts.join('=') : valueAfter(name, rest));
  if (name === '--workspace') request.workspace = value();
  else if (name === '--cancel-after') request.cancelAfter = parseDuration(value());
  else if (name === '--debug') request.debug = true;
  else if (parameter.startsWith('-') || parts.length === 0 || name === '') throw unknownParameter(parameter);
  else addInput(request.inputs, name, parts.join('='));
}

function addInput(inputs: Record<string, string>, name: string, value: string): void {
  const former = inputs[name];
  inputs[name] = former === undefined ? value : `${former}\n${value}`;
}

function valueAfter(name: string, rest: string[]): string {
  const value = rest.shift();
  if (value === undefined) throw new UsageError(`${name} needs a value\n\n${USAGE}`);
  return value;
}

function parseDuration(text: string): number {
  const [, number = '', unit = ''] = /^(\d+)(ms|s|m)$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (factor === undefined)
    throw new UsageError(`--cancel-after: '${text}' is no duration; write 500ms, 5s or 2m`);
  return Number(number) * factor;
}

function unknownParameter(parameter: string): UsageError {
  return new UsageError(`'${parameter}' is neither INPUT=VALUE nor an option\n\n${USAGE}`);
}
