import type { Target } from '../inputs.ts';
import {
  type Checked,
  convert,
  type InputProblem,
  listed,
  problemsOf,
  quote,
  refine,
  refuse,
} from './checked.ts';
import * as forms from './forms.ts';
import { checkEach, checkForm, isEmpty, isSet, problem, type Read, readForm } from './read.ts';

const targetInputs = {
  'stack-name': readStack,
  'instance-ids': readInstances,
  'target-tags': readTags,
} as const;

/** Where the app runs: exactly one of stack-name, instance-ids and target-tags. */
export function readTarget(read: Read): Checked<Target> {
  const names = Object.keys(targetInputs) as (keyof typeof targetInputs)[];
  const given = names.filter((name) => isSet(read, name));
  const candidates = given.map((name) => targetInputs[name](read));
  const [first, second] = candidates;
  if (first !== undefined && second === undefined) return first;
  const ambiguous = {
    input: listed(names),
    finding: first === undefined ? 'none of them is set' : `${listed(given)} are set`,
    allowed: 'exactly one of them',
    example: 'stack-name: my-app',
  };
  return refuse(ambiguous, ...candidates.flatMap(problemsOf));
}

function readStack(read: Read): Checked<Target> {
  return convert(readForm(read, 'stack-name', forms.stackName), (stackName) => ({
    kind: 'stack',
    stackName,
  }));
}

function readInstances(read: Read): Checked<Target> {
  const ids = read('instance-ids')
    .split(/[\s,]+/)
    .filter((id) => id !== '');
  const checked = refine(checkEach('instance-ids', ids, forms.instanceId), areDistinct);
  return convert(checked, (instanceIds) => ({ kind: 'instances', instanceIds }));
}

function areDistinct(ids: string[]): InputProblem[] {
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  const form = {
    allowed: 'ids of instances, each once, separated by commas, blanks or lines',
    example: forms.instanceId.example,
  };
  if (ids.length === 0) return [problem('instance-ids', 'has no id in it', form)];
  return repeated === undefined
    ? []
    : [problem('instance-ids', `${quote(repeated)} is there more than once`, form)];
}

function readTags(read: Read): Checked<Target> {
  const lines = read('target-tags')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return convert(checkEach('target-tags', lines, forms.tag), (tags) => ({ kind: 'tags', tags }));
}

/** The region of the input, else of the environment as the AWS tools read it. */
export function readRegion(read: Read, environment: NodeJS.ProcessEnv): Checked<string> {
  if (isSet(read, 'region')) return readForm(read, 'region', forms.region);
  const variable = ['AWS_REGION', 'AWS_DEFAULT_REGION'].find((name) => !isEmpty(environment[name] ?? ''));
  if (variable !== undefined) {
    return checkForm('region', environment[variable]?.trim() ?? '', forms.region, ` (from ${variable})`);
  }
  return refuse(problem('region', 'is empty, and so are AWS_REGION and AWS_DEFAULT_REGION', forms.region));
}

/** The app's name of the input, else one made from that of the GitHub repository. */
export function readAppName(read: Read, environment: NodeJS.ProcessEnv): Checked<string> {
  if (isSet(read, 'app-name')) return readForm(read, 'app-name', forms.appName);
  const repository = environment['GITHUB_REPOSITORY'] ?? '';
  const name = (repository.split('/').at(-1) ?? '').toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const trimmed = name.replace(/^-|-$/g, '');
  if (trimmed !== '') {
    return checkForm('app-name', trimmed, forms.appName, ` (from GITHUB_REPOSITORY, ${quote(repository)})`);
  }
  return refuse(problem('app-name', 'is empty, and GITHUB_REPOSITORY has no name to take', forms.appName));
}
