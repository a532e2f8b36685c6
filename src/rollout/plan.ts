import { assignment, type HostPlan } from '../host/protocol.ts';
import type { Inputs, Secret } from '../inputs.ts';
import { type Release, settingsDigest } from '../release/release.ts';
import { metricsConfig, proxyConfig } from './proxy-config.ts';

/** The image that the proxy's container runs: Docker's official one, from the mirror that needs no account. */
export const proxyImage = 'public.ecr.aws/docker/library/caddy:2.11.4-alpine';

/** What a rollout needs to know beside the inputs. */
export interface RolloutFacts {
  release: Release;
  /** Who holds the lease: a way back names the run that is given up. */
  run: string;
  /** Registry that the host logs in to with its own role; empty for none. */
  registry: string;
  /** Compressed size of the image in bytes, 0 if unknown. */
  imageBytes: number;
  /** Seconds since the epoch at which the host goes back by itself. */
  deadline: number;
}

/** Asks a host whether it is ready, and what is live on it. */
export function inspectPlan(inputs: Inputs, deadline: number): HostPlan {
  return {
    app: inputs.appName,
    verbs: 'inspect',
    region: inputs.region,
    deadline: String(deadline),
    ...variables(inputs),
  };
}

/** One transaction: everything from the pull to the end of the old container, or nothing. */
export function rolloutPlan(inputs: Inputs, facts: RolloutFacts): HostPlan {
  const { container, migrateCommand } = inputs;
  const { release } = facts;
  return {
    app: inputs.appName,
    verbs: [...(migrateCommand.length > 0 ? ['migrate'] : []), 'prepare', 'switch', 'settle'].join(' '),
    region: inputs.region,
    deadline: String(facts.deadline),
    run: facts.run,
    release: release.id,
    digest: release.digest,
    image: release.image,
    settings: settingsDigest(release.settings, release.strategy),
    strategy: release.strategy,
    registry: facts.registry,
    'image-bytes': String(facts.imageBytes),
    'container-port': String(container.containerPort),
    'host-port': String(container.hostPort),
    memory: container.memory,
    cpus: container.cpus,
    'read-only': String(container.readOnly),
    command: container.command,
    volume: container.volumes,
    migrate: migrateCommand,
    'health-path': inputs.healthPath,
    'health-timeout': String(inputs.healthTimeout),
    'drain-timeout': String(inputs.drainTimeout),
    'keep-releases': String(inputs.keepReleases),
    'proxy-image': proxyImage,
    'proxy-config': proxyConfig(container.metricsPath),
    ...metricsFields(inputs),
    ...variables(inputs),
  };
}

/**
 * What a host does by itself to serve a release that has been proven: one that was replaced, or changed by hand. Whoever runs it
 * adds the deadline.
 */
export function livePlan(inputs: Inputs, facts: RolloutFacts): HostPlan {
  const { deadline: _deadline, run: _run, migrate: _migrate, ...plan } = rolloutPlan(inputs, facts);
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
function metricsFields({ appName, container }: Inputs): {
  'metrics-port'?: string;
  'metrics-config'?: string;
} {
  const { hostPort, metricsPort, metricsPath } = container;
  if (metricsPort === undefined) return {};
  return {
    'metrics-port': String(metricsPort),
    'metrics-config': metricsConfig(`${appName}-proxy-${hostPort}`, metricsPath),
  };
}

function variables({ container }: Inputs): { env: string[]; secret: string[] } {
  return { env: container.environment.map(assignment), secret: container.secrets.map(secretField) };
}

/** Fields of one secret, with the separator that no name can hold. */
function secretField({ name, reference }: Secret): string {
  const fields =
    reference.kind === 'parameter'
      ? ['parameter', reference.name]
      : ['secret', reference.arn, reference.jsonKey, reference.versionStage, reference.versionId];
  return [name, ...fields].join('\u001f');
}
