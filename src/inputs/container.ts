import type { ContainerSettings } from '../inputs.ts';
import { accept, type Checked, combine, convert, type InputProblem, quote, refine } from './checked.ts';
import * as forms from './forms.ts';
import { checkEach, isEmpty, problem, type Read, readForm, readOptional, readWords } from './read.ts';
import { parseSecrets, secretsForm } from './secrets.ts';
import { parseVariables } from './variables.ts';

/** How the container is run. */
export function readContainer(read: Read): Checked<ContainerSettings> {
  const variables = combine({
    environment: refine(parseVariables('env', read('env')), (those) => reservedNames('env', those)),
    secrets: refine(parseSecrets('secrets', read('secrets')), (those) => reservedNames('secrets', those)),
  });
  const settings = combine({
    containerPort: readForm(read, 'container-port', forms.port('8000')),
    hostPort: readForm(read, 'host-port', forms.port('80')),
    metricsPort: isEmpty(read('metrics-port'))
      ? accept(undefined)
      : readForm(read, 'metrics-port', forms.port('9464')),
    metricsPath: readForm(read, 'metrics-path', forms.metricsPath),
    variables: refine(variables, namesDiffer),
    memory: readOptional(read, 'memory', forms.memory),
    cpus: readOptional(read, 'cpus', forms.cpus),
    readOnly: readForm(read, 'read-only', forms.boolean),
    command: readWords(read, 'command', 'node server.js --port 8000'),
    volumes: readVolumes(read),
  });
  return convert(settings, ({ variables: named, ...others }) => ({ ...named, ...others }));
}

function readVolumes(read: Read): Checked<string[]> {
  const lines = read('volumes')
    .split('\n')
    .filter((line) => !isEmpty(line));
  return refine(
    checkEach(
      'volumes',
      lines.map((line) => line.trim()),
      forms.volume,
    ),
    targetsDiffer,
  );
}

/** Docker refuses a second mount at a place. */
function targetsDiffer(volumes: string[]): InputProblem[] {
  const byTarget = Map.groupBy(volumes, (volume) => volume.split(':')[1] ?? '');
  return [...byTarget]
    .filter(([, those]) => those.length > 1)
    .map(([target]) =>
      problem('volumes', `${quote(target)} is the target of more than one volume`, forms.volume),
    );
}

function namesDiffer({
  environment,
  secrets,
}: Pick<ContainerSettings, 'environment' | 'secrets'>): InputProblem[] {
  const plain = new Set(environment.map(({ name }) => name));
  const form = { allowed: 'each name in one of env and secrets', example: secretsForm.example };
  return secrets
    .filter(({ name }) => plain.has(name))
    .map(({ name }) => problem('secrets', `${name} is set in env, too`, form));
}

/** The action's own names are not the app's. */
function reservedNames(input: string, variables: readonly { name: string }[]): InputProblem[] {
  const form = { allowed: 'names that do not start with EC2_DEPLOY_', example: 'APP_LOG_LEVEL=info' };
  return variables
    .filter(({ name }) => name.startsWith('EC2_DEPLOY_'))
    .map(({ name }) => problem(input, `${name} is one of the names that this action keeps for itself`, form));
}
