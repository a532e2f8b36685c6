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

/** Where the app runs: the stack that made the hosts, or the hosts themselves. */
export type Target = { kind: 'stack'; stackName: string } | { kind: 'instances'; instanceIds: string[] };

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

/** Every input, validated. Durations are in seconds. */
export interface Inputs {
  target: Target;
  region: string;
  /** ECR repository name; empty to read it from the stack's outputs. */
  repository: string;
  image: ImageSource;
  appName: string;
  container: ContainerSettings;
  strategy: Strategy;
  /** Arguments of the one-off container that migrates; empty for no migration. */
  migrateCommand: string[];
  drainTimeout: number;
  keepReleases: number;
  healthPath: string;
  healthTimeout: number;
  timeout: number;
  waitForLease: number;
  waitForInstance: number;
}
