import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** One input as action.yml declares it. */
export interface ManifestInput {
  name: string;
  /** The default as written, `${{ … }}` not yet replaced; empty when there is none. */
  defaultValue: string;
  deprecationMessage: string | undefined;
}

/** What the runner needs to know of an action.yml. */
export interface Manifest {
  name: string;
  inputs: ManifestInput[];
  outputs: string[];
  /** Paths below the folder of action.yml. */
  main: string;
  post: string | undefined;
  /** Expression that decides whether `post` runs. */
  postIf: string;
}

type Mapping = Record<string, unknown>;

/**
 * Reads the action.yml of a JavaScript action.
 * @param actionPath folder that holds action.yml (or action.yaml)
 * @throws Error when there is none, or when it is no JavaScript action
 * Source: actions/runner ActionManifestManager.cs
 */
export function readManifest(actionPath: string): Manifest {
  const file = findManifest(actionPath);
  const document = asMapping(parse(readFileSync(file, 'utf8')), `${file}: not a mapping`);
  const runs = asMapping(document['runs'], `${file}: 'runs' is missing`);
  const using = text(runs['using']);
  if (!/^node\d+$/.test(using)) {
    throw new Error(`${file}: runs.using is '${using}'; this runner runs JavaScript actions (node24) only`);
  }
  const main = text(runs['main']);
  if (main === '') throw new Error(`${file}: 'runs.main' is missing`);
  return {
    name: text(document['name']),
    inputs: Object.entries(mappingOrEmpty(document['inputs'])).map(readInput),
    outputs: Object.keys(mappingOrEmpty(document['outputs'])),
    main,
    post: runs['post'] === undefined ? undefined : text(runs['post']),
    postIf: runs['post-if'] === undefined ? 'always()' : text(runs['post-if']),
  };
}

function findManifest(actionPath: string): string {
  const candidates = ['action.yml', 'action.yaml'].map((name) => join(actionPath, name));
  const file = candidates.find((candidate) => existsSync(candidate));
  if (file === undefined) throw new Error(`Can't find 'action.yml' or 'action.yaml' under '${actionPath}'.`);
  return file;
}

function readInput([name, declaration]: [string, unknown]): ManifestInput {
  const fields = mappingOrEmpty(declaration);
  const deprecation = fields['deprecationMessage'];
  return {
    name,
    defaultValue: text(fields['default']),
    deprecationMessage: deprecation === undefined ? undefined : text(deprecation),
  };
}

function mappingOrEmpty(value: unknown): Mapping {
  return isMapping(value) ? value : {};
}

function asMapping(value: unknown, problem: string): Mapping {
  if (!isMapping(value)) throw new Error(problem);
  return value;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** YAML scalars reach an action as text: `true` and `5` as `'true'` and `'5'`. */
function text(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}
