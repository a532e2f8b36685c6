import type { Deadline } from './clock.ts';
import type { CommonInputs, Inputs } from './inputs.ts';

/** One run of the action: what was asked, by whom, and how it speaks to the job. */
export interface Run {
  inputs: CommonInputs;
  /** The commit that is deployed; empty if there is none. */
  commit: string;
  runUrl: string;
  /** Tells this run apart from every other: who holds the lease. */
  holder: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  deadline: Deadline;
  log: (line: string) => void;
  warn: (line: string) => void;
  /** Keeps what the post step needs, should this process be killed. */
  remember: (memory: Memory) => void;
}

/** A run that deploys. */
export interface DeployRun extends Run {
  inputs: Inputs;
}

/** What the post step needs to clean up, and to undo a rollout that was cut off. */
export interface Memory {
  region: string;
  appName: string;
  /** Name of the SSM document that holds the host program; empty if it is sent along. */
  ssmDocument: string;
  holder: string;
  /** Folder that holds docker's login to the registry; empty for none. */
  dockerConfig: string;
  leaseAsked: boolean;
  /** There while hosts may be anywhere between two releases. */
  rollout: RolloutMemory | undefined;
}

export interface RolloutMemory {
  instanceIds: string[];
  /** The commands that may be under way; none until the first was sent. */
  commandIds: string[];
  release: string;
  image: string;
  hostPort: number;
  healthTimeout: number;
  keepReleases: number;
}
