import type { Target } from '../inputs.ts';
import { type Checked, convert, type InputProblem, problemsOf, quote, refine, refuse } from './checked.ts';
import * as forms from './forms.ts';
import { checkEach, checkForm, isEmpty, isSet, problem, type Read, readForm } from './read.ts';

/** Where the app runs: exactly one of stack-name and instance-ids. */
export function readTarget(read: Read): Checked<Target> {
  const candidates = [
    ...(isSet(read, 'stack-name') ? [readStack(read)] : []),
    ...(isSet(read, 'instance-ids') ? [readInstances(read)] : []),
  ];
  const [first, second] = candidates;
  if (first !== undefined && second === undefined) return first;
  const finding = first === undefined ? 'neither is set' : 'both are set';
  const ambiguous = {
    input: 'stack-name, instance-ids',
    finding,
    allowed: 'exactly one of the two',
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
  const checked = refine(checkEach('instance-ids', ids, forms.instanceId), areOneHost);
  return convert(checked, (instanceIds) => ({ kind: 'instances', instanceIds }));
}

function areOneHost(ids: string[]): InputProblem[] {
  const [first = '', ...others] = ids;
  if (ids.length === 1) return [];
  const form = { allowed: 'the id of one instance', example: forms.instanceId.example };
  if (ids.length === 0) return [problem('instance-ids', 'has no id in it', form)];
  if (others.includes(first))
    return [problem('instance-ids', `${quote(first)} is there more than once`, form)];
  return [problem('instance-ids', `${ids.length} instances are given, and a deploy goes to one`, form)];
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
