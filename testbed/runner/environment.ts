import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentFile } from '../cloud/environment.ts';
import { DEFAULT_CLOUD } from '../cloud/names.ts';

/** The repository that holds this file. */
export const PROJECT = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

/** What a job knows about the commit and the repository it runs for. */
export interface Checkout {
  workspace: string;
  /** `owner/name`. */
  repository: string;
  sha: string;
  /** As `refs/heads/main`. */
  ref: string;
}

/** What tells one run from another. */
export interface Run {
  id: string;
  attempt: string;
  serverUrl: string;
}

/**
 * Looks at the Git checkout in a folder, as actions/checkout would have left it.
 * A folder without commits gets a commit id of its own, since every real job has one.
 */
export function readCheckout(workspace: string, sha?: string): Checkout {
  const branch = git(workspace, 'symbolic-ref', '--short', 'HEAD') ?? 'main';
  return {
    workspace,
    repository: repositoryName(workspace),
    sha: sha ?? git(workspace, 'rev-parse', 'HEAD') ?? randomSha(),
    ref: `refs/heads/${branch}`,
  };
}

/**
 * The variables that GitHub's runner sets for every step.
 * Source: https://docs.github.com/actions/reference/variables-reference
 */
export function githubVariables(checkout: Checkout, run: Run): Record<string, string> {
  const [owner = ''] = checkout.repository.split('/');
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__self',
    GITHUB_ACTOR: owner,
    GITHUB_TRIGGERING_ACTOR: owner,
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql',
    GITHUB_SERVER_URL: run.serverUrl,
    GITHUB_EVENT_NAME: 'push',
    GITHUB_JOB: 'deploy',
    GITHUB_WORKFLOW: 'deploy',
    GITHUB_WORKFLOW_REF: `${checkout.repository}/.github/workflows/deploy.yml@${checkout.ref}`,
    GITHUB_WORKFLOW_SHA: checkout.sha,
    GITHUB_REPOSITORY: checkout.repository,
    GITHUB_REPOSITORY_OWNER: owner,
    GITHUB_REF: checkout.ref,
    GITHUB_REF_NAME: checkout.ref.replace('refs/heads/', ''),
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REF_PROTECTED: 'false',
    GITHUB_HEAD_REF: '',
    GITHUB_BASE_REF: '',
    GITHUB_SHA: checkout.sha,
    GITHUB_RUN_ID: run.id,
    GITHUB_RUN_NUMBER: '1',
    GITHUB_RUN_ATTEMPT: run.attempt,
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_WORKSPACE: checkout.workspace,
    RUNNER_ENVIRONMENT: 'self-hosted',
    RUNNER_NAME: 'local',
    RUNNER_OS: { darwin: 'macOS', win32: 'Windows' }[process.platform as string] ?? 'Linux',
    RUNNER_ARCH: { x64: 'X64', arm64: 'ARM64', arm: 'ARM', ia32: 'X86' }[process.arch as string] ?? 'X64',
    RUNNER_WORKSPACE: join(checkout.workspace, '..'),
  };
}

/** The body of the event that started the workflow: a push of the commit. */
export function eventPayload(checkout: Checkout): string {
  const [owner = '', name = ''] = checkout.repository.split('/');
  return JSON.stringify({
    ref: checkout.ref,
    after: checkout.sha,
    repository: { full_name: checkout.repository, name, owner: { login: owner } },
  });
}

/** This process's environment without what belongs to an outer job, to npm or to a test runner. */
export function inheritedEnvironment(): Record<string, string> {
  const foreign =
    /^(GITHUB_|INPUT_|STATE_|RUNNER_|ACTIONS_|npm_|VITEST|AWS_)|^(CI|NODE_ENV|NODE_OPTIONS|TEST|DEV|PROD|MODE)$/i;
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !foreign.test(entry[0]),
  );
  return Object.fromEntries(own);
}

/**
 * Reads the `export NAME=VALUE` lines that `npm run cloud -- up` leaves in `.cloud/env` (CLOUD_NAME as there).
 * @returns undefined when the local cloud is not up
 */
export function readCloudEnvironment(
  file: string = environmentFile(process.env['CLOUD_NAME'] || DEFAULT_CLOUD),
): Record<string, string> | undefined {
  if (!existsSync(file)) return undefined;
  return Object.fromEntries(readFileSync(file, 'utf8').split('\n').flatMap(readExport));
}

/** One pair, or none when the line exports nothing. */
function readExport(line: string): [string, string][] {
  const match = /^export ([A-Za-z_]\w*)=(.*)$/.exec(line);
  const [, name = '', value = ''] = match ?? [];
  return match === null ? [] : [[name, value.replace(/^(['"])(.*)\1$/, '$2')]];
}

/** `owner/name` from a GitHub remote, else the folder's name under the placeholder owner. */
function repositoryName(workspace: string): string {
  const remote = git(workspace, 'remote', 'get-url', 'origin') ?? '';
  const match = /github\.com[:/]([^/]+\/[^/]+?)(\.git)?$/.exec(remote);
  return match?.[1] ?? `org/${basename(workspace)}`;
}

function git(directory: string, ...parameters: string[]): string | undefined {
  try {
    return execFileSync('git', parameters, {
      cwd: directory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

function randomSha(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(20))).toString('hex');
}
