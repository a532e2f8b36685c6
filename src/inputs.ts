import {
  type Checked,
  combine,
  convert,
  type InputProblem,
  quote,
  refine,
  valueOrThrow,
} from './inputs/checked.ts';
import { readContainer } from './inputs/container.ts';
import { allDefaults, inputDefaults } from './inputs/defaults.ts';
import * as forms from './inputs/forms.ts';
import { readImageSource } from './inputs/image-source.ts';
import { readAppName, readRegion, readTarget } from './inputs/place.ts';
import { isEmpty, problem, type Read, readForm, readOptional, readWords } from './inputs/read.ts';

export { InputError } from './inputs/checked.ts';
export { inputDefaults, otherDefaults } from './inputs/defaults.ts';

/** One variable of the container's environment; the value is kept byte for byte. */
export interface Variable {
  name: string;
  value: string;
}

/** Where the host finds a secret's value. The value itself never passes through the runner. */
export type SecretReference =
  | { kind: 'parameter'; name: string }
  | { kind: 'secret'; arn: string; jsonKey: string; versionStage: string; versionId: string };

/** One variable whose value the host resolves with its own role. */
export interface Secret {
  name: string;
  reference: SecretReference;
}

/** Where the app runs: the stack that made the hosts, the hosts themselves, or the tags that they have. */
export type Target =
  | { kind: 'stack'; stackName: string }
  | { kind: 'instances'; instanceIds: string[] }
  | { kind: 'tags'; tags: Variable[] };

/** How many hosts move their traffic at the same time: a number, or percent of all. */
export type BatchSize = { unit: 'hosts' | 'percent'; amount: number };

/** What is deployed: an image built from a Dockerfile, or one that exists. */
export type ImageSource =
  | {
      kind: 'build';
      context: string;
      dockerfile: string;
      stage: string;
      buildArguments: Variable[];
      platform: string;
    }
  | { kind: 'existing'; image: string };

export type Strategy = 'blue-green' | 'recreate';

/** How the container is run; with the image's digest, what makes a release. */
export interface ContainerSettings {
  containerPort: number;
  hostPort: number;
  /** Port of the host that serves metrics; undefined for none. */
  metricsPort: number | undefined;
  /** Path of the app that is answered on the metrics port only; empty if every path is public. */
  metricsPath: string;
  environment: Variable[];
  secrets: Secret[];
  /** As `docker run --memory` takes it; empty for no limit. */
  memory: string;
  /** As `docker run --cpus` takes it; empty for no limit. */
  cpus: string;
  readOnly: boolean;
  /** Arguments after the image; empty for the image's own command. */
  command: string[];
  /** As `docker run --volume` takes them. */
  volumes: string[];
}

/** What every story takes: where the app runs, and how long things may take. Durations are in seconds. */
export interface CommonInputs {
  target: Target;
  region: string;
  /** Name of the SSM document that holds the host program; empty to send the program along. */
  ssmDocument: string;
  appName: string;
  batchSize: BatchSize;
  drainTimeout: number;
  keepReleases: number;
  healthTimeout: number;
  timeout: number;
  waitForLease: number;
  waitForInstance: number;
}

/** Every input of a deploy, validated. */
export interface Inputs extends CommonInputs {
  /** ECR repository name; empty to read it from the stack's outputs. */
  repository: string;
  image: ImageSource;
  container: ContainerSettings;
  strategy: Strategy;
  /** Arguments of the one-off container that migrates; empty for no migration. */
  migrateCommand: string[];
  healthPath: string;
}

/** Every input of a rollback, validated. */
export interface RollbackInputs extends CommonInputs {
  /** Id of the release to go back to; empty for the one that served before. */
  release: string;
}

/** Gives an input's text, not trimmed; empty for one that is not set. */
export type Given = (name: string) => string;

const hour = 3600;

/**
 * Reads and validates every input of a deploy; calls nothing outside.
 * @param environment the runner's, for AWS_REGION, AWS_DEFAULT_REGION and GITHUB_REPOSITORY
 * @throws InputError naming every problem found
 */
export function readInputs(given: Given, environment: NodeJS.ProcessEnv): Inputs {
  const read = reader(given);
  const image = combine({
    target: readTarget(read),
    repository: readOptional(read, 'repository', forms.repository),
    image: readImageSource(read),
  });
  const others = combine({
    container: readContainer(read),
    strategy: readForm(read, 'strategy', forms.strategy),
    migrateCommand: readWords(read, 'migrate-command', 'npm run migrate'),
    healthPath: readForm(read, 'health-path', forms.healthPath),
  });
  const groups = combine({
    image: refine(image, repositoryIsKnown),
    common: readCommon(read, environment),
    others: refine(others, (those) => metricsFit(read, those)),
  });
  const inputs = valueOrThrow(groups);
  return { ...inputs.common, ...inputs.image, ...inputs.others };
}

/**
 * Reads and validates every input of a rollback; calls nothing outside.
 * @param environment the runner's, for AWS_REGION, AWS_DEFAULT_REGION and GITHUB_REPOSITORY
 * @throws InputError naming every problem found
 */
export function readRollbackInputs(given: Given, environment: NodeJS.ProcessEnv): RollbackInputs {
  const read = reader(given);
  const groups = combine({
    place: combine({ target: readTarget(read), release: readOptional(read, 'release', forms.releaseId) }),
    common: readCommon(read, environment),
  });
  const inputs = valueOrThrow(groups);
  return { ...inputs.common, ...inputs.place };
}

/**
 * Reads and validates every input of a check; calls nothing outside.
 * @param environment the runner's, for AWS_REGION, AWS_DEFAULT_REGION and GITHUB_REPOSITORY
 * @throws InputError naming every problem found
 */
export function readCheckInputs(given: Given, environment: NodeJS.ProcessEnv): CommonInputs {
  const read = reader(given);
  const place = combine({ target: readTarget(read) });
  const inputs = valueOrThrow(combine({ place, common: readCommon(read, environment) }));
  return { ...inputs.common, ...inputs.place };
}

function reader(given: Given): Read {
  return (input) => (isEmpty(given(input)) ? allDefaults[input] : given(input));
}

/** Everything of CommonInputs but the target, which other inputs of a deploy depend on. */
function readCommon(read: Read, environment: NodeJS.ProcessEnv): Checked<Omit<CommonInputs, 'target'>> {
  const limits = combine({
    healthTimeout: readForm(read, 'health-timeout', forms.duration(1, hour, '60s')),
    timeout: readForm(read, 'timeout', forms.duration(10, 6 * hour, '15m')),
  });
  const others = combine({
    region: readRegion(read, environment),
    ssmDocument: readOptional(read, 'ssm-document', forms.documentName),
    appName: readAppName(read, environment),
    batchSize: readForm(read, 'batch-size', forms.batchSize),
    drainTimeout: readForm(read, 'drain-timeout', forms.duration(0, hour, '30s')),
    keepReleases: readForm(read, 'keep-releases', forms.wholeNumber('a number of releases', 1, 50, '5')),
    waitForLease: readForm(read, 'wait-for-lease', forms.duration(0, 6 * hour, '10m')),
    waitForInstance: readForm(read, 'wait-for-instance', forms.duration(0, 6 * hour, '10m')),
  });
  const groups = combine({ limits: refine(limits, (those) => healthEndsFirst(read, those)), others });
  return convert(groups, (common) => ({ ...common.limits, ...common.others }));
}

/** Without a stack there is nothing that could name the repository of a build. */
function repositoryIsKnown({
  target,
  repository,
  image,
}: Pick<Inputs, 'target' | 'repository' | 'image'>): InputProblem[] {
  if (repository !== '' || target.kind === 'stack' || image.kind === 'existing') return [];
  const finding = 'is empty, and without stack-name there is no stack to read it from';
  return [problem('repository', finding, forms.repository)];
}

/** Metrics have a port and a path of their own, which only the proxy can keep apart. */
function metricsFit(
  read: Read,
  { container, strategy, healthPath }: Pick<Inputs, 'container' | 'strategy' | 'healthPath'>,
): InputProblem[] {
  const { hostPort, metricsPort, metricsPath } = container;
  const [port, path] = [quote(read('metrics-port').trim()), quote(read('metrics-path').trim())];
  const portForm = { allowed: 'a port other than host-port, with blue-green', example: '9464' };
  const pathForm = { allowed: 'a path other than health-path', example: inputDefaults['metrics-path'] };
  return [
    ...(metricsPort === hostPort ? [problem('metrics-port', `${port} is host-port, too`, portForm)] : []),
    ...(metricsPort !== undefined && strategy === 'recreate'
      ? [problem('metrics-port', `${port} needs the proxy, which the strategy recreate has not`, portForm)]
      : []),
    ...(metricsPath !== '' && healthPath.split('?')[0] === metricsPath
      ? [problem('metrics-path', `${path} is health-path, too`, pathForm)]
      : []),
  ];
}

function healthEndsFirst(
  read: Read,
  { healthTimeout, timeout }: Pick<Inputs, 'healthTimeout' | 'timeout'>,
): InputProblem[] {
  if (healthTimeout < timeout) return [];
  const [health, whole] = [quote(read('health-timeout').trim()), quote(read('timeout').trim())];
  const form = { allowed: 'a duration below that of timeout', example: inputDefaults['health-timeout'] };
  return [problem('health-timeout', `${health} is not shorter than timeout, which is ${whole}`, form)];
}
