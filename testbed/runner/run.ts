import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { conditionHolds, type JobStatus } from './condition.ts';
import {
  eventPayload,
  githubVariables,
  inheritedEnvironment,
  PROJECT,
  type Run,
  readCheckout,
  readCloudEnvironment,
} from './environment.ts';
import { parseKeyValueFile, parsePathFile } from './file-commands.ts';
import { inputVariables, resolveInputs } from './inputs.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { Masker } from './masker.ts';
import { killOrphans, runProcess } from './process.ts';
import { type Annotation, CommandProcessor } from './workflow-commands.ts';

export type { Annotation } from './workflow-commands.ts';

/** One use of an action in a job. */
export interface ActionOptions {
  /** What stands under `with:`. */
  inputs: Record<string, string>;
  /** Folder of action.yml; this repository's root by default. */
  actionPath?: string;
  /** The checked-out repository, where the action runs; the current folder by default. */
  workspace?: string;
  /** The commit; by default the one checked out in the workspace. */
  sha?: string;
  /** The job's own variables (`env:`, credentials); by default those of the local cloud in `.cloud/env`. */
  environment?: Record<string, string>;
  runId?: string;
  runAttempt?: number;
  serverUrl?: string;
  /** Values that the job hides in its log, as GitHub does for `${{ secrets.X }}`. */
  secrets?: string[];
  /** Aborting it cancels the job: SIGINT, SIGTERM after 7.5 s, SIGKILL after 10 s, then `post`. */
  cancel?: AbortSignal;
  /** Shows `::debug::` lines, as a job that is re-run with debug logging does. */
  debug?: boolean;
  /** Gets each line of the log, masked, as it comes. */
  onLine?: (line: string) => void;
}

/** The files through which a step talked to the runner, as they were when it ended. */
export interface StepFiles {
  output: string;
  state: string;
  summary: string;
  environment: string;
  path: string;
}

/** How `main` or `post` ended. */
export interface StepResult {
  exitCode: number;
  /** All that the process wrote, before commands were taken out and secrets masked. */
  rawOutput: string;
  files: StepFiles;
  durationSeconds: number;
}

/** What is left when the job is over. */
export interface ActionResult {
  conclusion: JobStatus;
  /** 0 for success; main's failure, else post's; 130 for a cancelled job whose action ended with 0. */
  exitCode: number;
  outputs: Record<string, string>;
  state: Record<string, string>;
  /** What the action put into GITHUB_ENV and GITHUB_PATH for later steps. */
  environment: Record<string, string>;
  path: string[];
  /** Markdown of main and post together, masked as GitHub stores it. */
  summary: string;
  /** The log as GitHub keeps it: masked, commands as `##[group]`, `##[error]`… */
  log: string;
  annotations: Annotation[];
  main: StepResult;
  /** Undefined when action.yml has none or its `post-if` said no. */
  post: StepResult | undefined;
}

/** GitHub stores no summary longer than this, in bytes. */
const SUMMARY_LIMIT = 1024 * 1024;

/**
 * Runs a JavaScript action as a job on GitHub's runner would: `main`, then `post`, whatever happened to `main`.
 * @throws Error when there is no such action; a failing action is a result, not an error
 * Source: actions/runner ActionRunner.cs, NodeScriptActionHandler.cs, StepsRunner.cs
 */
export async function runAction(options: ActionOptions): Promise<ActionResult> {
  const job = new Job(options);
  try {
    return await job.run();
  } finally {
    job.cleanUp();
  }
}

class Job {
  readonly #options: ActionOptions;
  readonly #actionPath: string;
  readonly #manifest: Manifest;
  readonly #temp: string;
  readonly #trackingId = `github_${crypto.randomUUID()}`;
  readonly #masker = new Masker();
  readonly #cancel: AbortSignal;
  readonly #github: Record<string, string>;

  readonly #log: string[] = [];
  readonly #annotations: Annotation[] = [];
  readonly #outputs = new Map<string, string>();
  readonly #state = new Map<string, string>();
  readonly #environment = new Map<string, string>();
  #path: string[] = [];
  #summary = '';
  #failed = false;
  #cancelled = false;

  constructor(options: ActionOptions) {
    this.#options = options;
    this.#actionPath = resolve(options.actionPath ?? PROJECT);
    this.#manifest = readManifest(this.#actionPath);
    assertScripts(this.#actionPath, this.#manifest);
    this.#temp = mkdtempSync(join(tmpdir(), 'ec2-deploy-runner-'));
    this.#cancel = options.cancel ?? new AbortController().signal;
    for (const secret of options.secrets ?? []) this.#masker.add(secret);
    this.#github = this.#prepareGithub();
  }

  async run(): Promise<ActionResult> {
    const inputs = this.#resolveInputs();
    const main = await this.#runStep(this.#manifest.main, inputs, this.#cancel);
    this.#cancelled = this.#cancel.aborted;
    const post = await this.#runPost(inputs);
    for (const line of killOrphans(this.#trackingId)) this.#write(line);
    return {
      conclusion: this.#status(),
      exitCode: this.#exitCode(main, post),
      outputs: Object.fromEntries(this.#outputs),
      state: Object.fromEntries(this.#state),
      environment: Object.fromEntries(this.#environment),
      path: this.#path,
      summary: this.#summary,
      log: this.#log.join('\n'),
      annotations: this.#annotations,
      main,
      post,
    };
  }

  cleanUp(): void {
    rmSync(this.#temp, { recursive: true, force: true });
  }

  #prepareGithub(): Record<string, string> {
    const {
      workspace = process.cwd(),
      sha,
      runId,
      runAttempt = 1,
      serverUrl = 'https://github.com',
    } = this.#options;
    const checkout = readCheckout(resolve(workspace), sha);
    const run: Run = { id: runId ?? String(Date.now()), attempt: String(runAttempt), serverUrl };
    const runnerTemp = join(this.#temp, '_temp');
    const eventPath = join(this.#temp, 'event.json');
    mkdirSync(join(runnerTemp, '_runner_file_commands'), { recursive: true });
    mkdirSync(join(this.#temp, '_tool'));
    writeFileSync(eventPath, eventPayload(checkout));
    return {
      ...githubVariables(checkout, run),
      GITHUB_EVENT_PATH: eventPath,
      RUNNER_TEMP: runnerTemp,
      RUNNER_TOOL_CACHE: join(this.#temp, '_tool'),
      RUNNER_TRACKING_ID: this.#trackingId,
      ...(this.#options.debug ? { RUNNER_DEBUG: '1' } : {}),
    };
  }

  #resolveInputs(): Map<string, string> {
    const { values, warnings } = resolveInputs(this.#manifest, this.#options.inputs, this.#contexts());
    for (const warning of warnings) this.#annotate('warning', warning);
    this.#writeDetails(values);
    return values;
  }

  /** What `${{ … }}` in a default may name. */
  #contexts(): Record<string, string> {
    const contexts: Record<string, string> = { 'github.token': this.#jobEnvironment()['GITHUB_TOKEN'] ?? '' };
    for (const [name, value] of Object.entries(this.#github)) {
      const [context = '', ...rest] = name.toLowerCase().split('_');
      if (context === 'github' || context === 'runner') contexts[`${context}.${rest.join('_')}`] = value;
    }
    return contexts;
  }

  #writeDetails(inputs: Map<string, string>): void {
    this.#write(`##[group]Run ${this.#manifest.name}`);
    this.#write('with:');
    for (const [name, value] of inputs) if (value !== '') this.#write(`  ${name}: ${value}`);
    this.#write('##[endgroup]');
  }

  async #runPost(inputs: Map<string, string>): Promise<StepResult | undefined> {
    const { post, postIf } = this.#manifest;
    if (post === undefined || !conditionHolds(postIf, this.#status())) return undefined;
    this.#write('Post job cleanup.');
    // A job that is cancelled runs its post steps; only a second cancel, which nobody can ask for here, would stop them.
    return this.#runStep(post, inputs, new AbortController().signal);
  }

  async #runStep(script: string, inputs: Map<string, string>, cancel: AbortSignal): Promise<StepResult> {
    const files = this.#createFiles();
    const raw: string[] = [];
    const processor = new CommandProcessor({
      annotations: this.#annotations,
      outputs: this.#outputs,
      state: this.#state,
      masker: this.#masker,
      log: (line) => this.#write(line),
    });
    const started = performance.now();
    const { exitCode } = await runProcess({
      file: process.execPath,
      arguments: [join(this.#actionPath, script)],
      directory: this.#github['GITHUB_WORKSPACE'] ?? process.cwd(),
      environment: this.#stepEnvironment(inputs, files),
      cancel,
      onLine: (line) => {
        raw.push(line);
        processor.take(line);
      },
    });
    const texts = readFiles(files);
    const understood = this.#applyFiles(texts);
    this.#failed ||= exitCode !== 0 || !understood;
    const durationSeconds = (performance.now() - started) / 1000;
    return {
      exitCode: understood ? exitCode : exitCode || 1,
      rawOutput: raw.join('\n'),
      files: texts,
      durationSeconds,
    };
  }

  #createFiles(): StepFiles {
    const suffix = crypto.randomUUID();
    const create = (prefix: string) => {
      const file = join(this.#temp, '_temp', '_runner_file_commands', `${prefix}_${suffix}`);
      writeFileSync(file, '');
      return file;
    };
    return {
      output: create('set_output'),
      state: create('save_state'),
      summary: create('step_summary'),
      environment: create('set_env'),
      path: create('add_path'),
    };
  }

  #stepEnvironment(inputs: Map<string, string>, files: StepFiles): Record<string, string> {
    const environment = { ...inheritedEnvironment(), ...this.#jobEnvironment() };
    const state = [...this.#state].map(([name, value]) => [`STATE_${name}`, value]);
    return {
      ...environment,
      ...Object.fromEntries(this.#environment),
      ...Object.fromEntries(state),
      ...inputVariables(inputs),
      ...this.#github,
      PATH: [...this.#path.toReversed(), environment['PATH'] ?? ''].join(':'),
      GITHUB_OUTPUT: files.output,
      GITHUB_STATE: files.state,
      GITHUB_STEP_SUMMARY: files.summary,
      GITHUB_ENV: files.environment,
      GITHUB_PATH: files.path,
    };
  }

  #jobEnvironment(): Record<string, string> {
    return this.#options.environment ?? readCloudEnvironment() ?? {};
  }

  /** Returns false when a file could not be understood, which fails the step. */
  #applyFiles(texts: StepFiles): boolean {
    this.#applySummary(texts.summary);
    this.#path = [...new Set([...this.#path, ...parsePathFile(texts.path)])];
    const results = [
      this.#applyPairs('output', texts.output, this.#outputs),
      this.#applyPairs('state', texts.state, this.#state),
      this.#applyPairs('env', texts.environment, this.#environment),
    ];
    return results.every(Boolean);
  }

  #applyPairs(context: string, text: string, target: Map<string, string>): boolean {
    try {
      for (const [name, value] of parseKeyValueFile(text)) {
        if (context === 'env' && name.toUpperCase() === 'NODE_OPTIONS') {
          this.#annotate('error', `Can't store ${name} output parameter using '$GITHUB_ENV' command.`);
        } else target.set(name, value);
      }
      return true;
    } catch (error) {
      this.#annotate('error', `Unable to process file command '${context}' successfully.`);
      this.#annotate('error', error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  #applySummary(text: string): void {
    const bytes = Buffer.byteLength(text);
    if (bytes <= SUMMARY_LIMIT) {
      this.#summary += this.#masker.mask(text);
      return;
    }
    const limit = SUMMARY_LIMIT / 1024;
    this.#annotate(
      'error',
      `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${limit}k, got ${Math.floor(bytes / 1024)}k.`,
    );
  }

  #status(): JobStatus {
    if (this.#cancelled) return 'cancelled';
    return this.#failed ? 'failure' : 'success';
  }

  #exitCode(main: StepResult, post: StepResult | undefined): number {
    const failure = main.exitCode || (post?.exitCode ?? 0);
    return failure === 0 && this.#cancelled ? 130 : failure;
  }

  #annotate(level: Annotation['level'], message: string): void {
    this.#annotations.push({ level, title: '', message: this.#masker.mask(message), properties: {} });
    this.#write(`##[${level}]${message}`);
  }

  #write(line: string): void {
    if (line.startsWith('##[debug]') && !this.#options.debug) return;
    const masked = this.#masker.mask(line);
    this.#log.push(masked);
    this.#options.onLine?.(masked);
  }
}

function assertScripts(actionPath: string, { main, post }: Manifest): void {
  for (const script of post === undefined ? [main] : [main, post]) {
    const file = join(actionPath, script);
    if (!existsSync(file))
      throw new Error(`action.yml names ${file}, which does not exist: run \`npm run build\``);
  }
}

function readFiles(files: StepFiles): StepFiles {
  return {
    output: readFileSync(files.output, 'utf8'),
    state: readFileSync(files.state, 'utf8'),
    summary: readFileSync(files.summary, 'utf8'),
    environment: readFileSync(files.environment, 'utf8'),
    path: readFileSync(files.path, 'utf8'),
  };
}
