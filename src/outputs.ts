/** What traffic says, not what a command said. */
export type Verdict = 'deployed' | 'unchanged' | 'rolled-back' | 'failed';

/** One step of a host's rollout and how long it took. */
export interface StepReport {
  name: string;
  milliseconds: number;
}

export interface HostReport {
  instanceId: string;
  steps: StepReport[];
}

/** The deploy as data, for the output `report`. It holds no account id. */
export interface Report {
  app: string;
  verdict: Verdict;
  release: string;
  previousRelease: string;
  /** The image's, `sha256:…`. */
  digest: string;
  strategy: string;
  hosts: HostReport[];
  durationSeconds: number;
  /** For how long nothing answered; only where the strategy has such a gap. */
  gapMilliseconds?: number;
  /** Why the verdict is not `deployed`. */
  reason?: string;
}

/** Everything a deploy says to the steps and jobs after it; empty where it is not known. */
export interface Outputs {
  verdict: Verdict;
  release: string;
  previousRelease: string;
  /** By digest, with the registry's host: the one output that has the account's id in it. */
  image: string;
  imageDigest: string;
  instanceIds: readonly string[];
  url: string;
  commandIds: readonly string[];
  /** Rounded to whole seconds when written. */
  durationSeconds: number;
  report: Report | undefined;
}

/** Every output's name, as action.yml has them. */
export const outputNames = {
  verdict: 'verdict',
  release: 'release',
  previousRelease: 'previous-release',
  image: 'image',
  imageDigest: 'image-digest',
  instanceIds: 'instance-ids',
  url: 'url',
  commandIds: 'command-ids',
  durationSeconds: 'duration-seconds',
  report: 'report',
} as const satisfies Record<keyof Outputs, string>;

/** The outputs of a deploy that failed before anything was known. */
export const nothingKnown: Outputs = {
  verdict: 'failed',
  release: '',
  previousRelease: '',
  image: '',
  imageDigest: '',
  instanceIds: [],
  url: '',
  commandIds: [],
  durationSeconds: 0,
  report: undefined,
};

/**
 * Writes every output, so that a later step finds each one set.
 * @param set takes an output's name and its text, as `setOutput` of @actions/core does
 */
export function writeOutputs(outputs: Outputs, set: (name: string, value: string) => void): void {
  const texts: Record<keyof Outputs, string> = {
    ...outputs,
    instanceIds: outputs.instanceIds.join(','),
    commandIds: outputs.commandIds.join(','),
    durationSeconds: String(Math.round(outputs.durationSeconds)),
    report: outputs.report === undefined ? '' : JSON.stringify(outputs.report),
  };
  for (const key of Object.keys(outputNames) as (keyof Outputs)[]) set(outputNames[key], texts[key]);
}
