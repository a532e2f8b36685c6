import { chunksOf } from '../chunks.ts';
import { assignment, type HostPlan } from '../host/protocol.ts';
import type { BatchSize, CommonInputs, ContainerSettings, Secret } from '../inputs.ts';
import { type Release, settingsDigest } from '../release/release.ts';
import { metricsConfig, proxyConfig } from './proxy-config.ts';

/** The image that the proxy's container runs: Docker's official one, from the mirror that needs no account. */
export const proxyImage = 'public.ecr.aws/docker/library/caddy:2.11.4-alpine';

/** What a rollout needs to know beside the inputs. */
export interface RolloutFacts {
  release: Release;
  /** Arguments of the one-off container that migrates; empty for no migration. */
  migrateCommand: string[];
  /** Who holds the lease: a way back names the run that is given up. */
  run: string;
  /** Seconds since the epoch at which the host goes back by itself. */
  deadline: number;
}

/**
 * Asks a host whether it is ready, and what is live on it.
 * @param settings of the release that is to serve: whether the host can read its secrets, and whether their values have changed
 */
export function inspectPlan(inputs: CommonInputs, settings: ContainerSettings, deadline: number): HostPlan {
  return {
    app: inputs.appName,
    verbs: 'inspect',
    region: inputs.region,
    deadline: String(deadline),
    ...variables(settings),
  };
}

/** A part of a rollout: these hosts carry out these verbs at the same time, and the next stage begins when all have. */
export interface Stage {
  verbs: string;
  instanceIds: string[];
}

/**
 * The stages of a rollout. With one host it is a single transaction, since round trips are the cost. With several, all are prepared before
 * the traffic of the first moves, and none gives the old release up before the traffic of the last has.
 */
export function stages(instanceIds: string[], batchSize: BatchSize, migrates: boolean): Stage[] {
  const migrate = migrates ? ['migrate'] : [];
  if (instanceIds.length === 1)
    return [{ verbs: [...migrate, 'prepare', 'switch', 'settle'].join(' '), instanceIds }];
  return [
    ...preparations(instanceIds, migrates),
    ...batches(instanceIds, batchSize).map((batch) => ({ verbs: 'switch', instanceIds: batch })),
    { verbs: 'settle', instanceIds },
  ];
}

/** The migration runs once, on the first host, and the other candidates start when it is through. */
function preparations(instanceIds: string[], migrates: boolean): Stage[] {
  if (!migrates) return [{ verbs: 'prepare', instanceIds }];
  return [
    { verbs: 'migrate prepare', instanceIds: instanceIds.slice(0, 1) },
    { verbs: 'prepare', instanceIds: instanceIds.slice(1) },
  ];
}

function batches(instanceIds: string[], { unit, amount }: BatchSize): string[][] {
  const size = unit === 'hosts' ? amount : Math.ceil((instanceIds.length * amount) / 100);
  return chunksOf(instanceIds, size);
}

/** @param verbs what a host does of it; what it says of the release is the same in each stage */
export function rolloutPlan(inputs: CommonInputs, facts: RolloutFacts, verbs: string): HostPlan {
  const { release } = facts;
  const { settings } = release;
  return {
    app: inputs.appName,
    verbs,
    region: inputs.region,
    deadline: String(facts.deadline),
    run: facts.run,
    release: release.id,
    digest: release.digest,
    image: release.image,
    settings: settingsDigest(release.settings, release.strategy),
    strategy: release.strategy,
    registry: release.registry,
    'image-bytes': String(release.imageBytes),
    'container-port': String(settings.containerPort),
    'host-port': String(settings.hostPort),
    memory: settings.memory,
    cpus: settings.cpus,
    'read-only': String(settings.readOnly),
    command: settings.command,
    volume: settings.volumes,
    migrate: facts.migrateCommand,
    'health-path': release.healthPath,
    'health-timeout': String(inputs.healthTimeout),
    'drain-timeout': String(inputs.drainTimeout),
    'keep-releases': String(inputs.keepReleases),
    'proxy-image': proxyImage,
    'proxy-config': proxyConfig(settings.metricsPath),
    ...metricsFields(inputs.appName, settings),
    ...variables(settings),
  };
}

/**
 * What a host does by itself to serve a release that has been proven: one that was replaced, or changed by hand. Whoever runs it
 * adds the deadline.
 */
export function livePlan(inputs: CommonInputs, facts: RolloutFacts): HostPlan {
  const {
    deadline: _deadline,
    run: _run,
    migrate: _migrate,
    ...plan
  } = rolloutPlan(inputs, facts, 'converge');
  return { ...plan, app: inputs.appName, verbs: 'converge' };
}

/** What is needed to undo a rollout that was cut off; small enough to be kept in the job's state. */
export interface Undo {
  appName: string;
  region: string;
  /** Who held the lease. */
  run: string;
  release: string;
  image: string;
  hostPort: number;
  healthTimeout: number;
  keepReleases: number;
}

/** Brings a host back to its live release, from wherever a rollout was left. */
export function revertPlan(undo: Undo, deadline: number): HostPlan {
  return {
    app: undo.appName,
    verbs: 'revert',
    region: undo.region,
    deadline: String(deadline),
    run: undo.run,
    release: undo.release,
    image: undo.image,
    'host-port': String(undo.hostPort),
    'health-timeout': String(undo.healthTimeout),
    'keep-releases': String(undo.keepReleases),
    'proxy-image': proxyImage,
  };
}

/** The port for metrics, if there is to be one. */
function metricsFields(
  appName: string,
  { hostPort, metricsPort, metricsPath }: ContainerSettings,
): { 'metrics-port'?: string; 'metrics-config'?: string } {
  if (metricsPort === undefined) return {};
  return {
    'metrics-port': String(metricsPort),
    'metrics-config': metricsConfig(`${appName}-proxy-${hostPort}`, metricsPath),
  };
}

function variables({ environment, secrets }: ContainerSettings): { env: string[]; secret: string[] } {
  return { env: environment.map(assignment), secret: secrets.map(secretField) };
}

/** Fields of one secret, with the separator that no name can hold. */
function secretField({ name, reference }: Secret): string {
  const fields =
    reference.kind === 'parameter'
      ? ['parameter', reference.name]
      : ['secret', reference.arn, reference.jsonKey, reference.versionStage, reference.versionId];
  return [name, ...fields].join('\u001f');
}
