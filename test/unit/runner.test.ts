import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ActionOptions, type ActionResult, runAction } from '../../testbed/runner/run.ts';

const FIXTURE = fileURLToPath(new URL('./fixtures/runner-action', import.meta.url));
const POST_IF_FIXTURE = fileURLToPath(new URL('./fixtures/runner-post-if', import.meta.url));

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function run(behaviour: string, options: Partial<ActionOptions> = {}): Promise<ActionResult> {
  const inputs = { behaviour, ...options.inputs };
  return runAction({ actionPath: FIXTURE, environment: {}, ...options, inputs });
}

/** A job that is cancelled when its log says `ready`. */
async function cancelWhenReady(behaviour: string): Promise<ActionResult> {
  const cancel = new AbortController();
  const onLine = (line: string) => {
    if (line === 'ready') cancel.abort();
  };
  return run(behaviour, { cancel: cancel.signal, onLine });
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'runner-test-'));
  folders.push(folder);
  return folder;
}

/** A process that nobody has waited for yet is a zombie: it has ended. */
function isRunning(pid: number): boolean {
  const status = `/proc/${pid}/status`;
  return existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
}

function makeCheckout(): string {
  const folder = temporaryFolder();
  const git = (...parameters: string[]) =>
    execFileSync('git', ['-C', folder, ...parameters], { stdio: 'pipe' });
  git('init', '-q', '-b', 'release');
  git('config', 'user.email', 'someone@example.com');
  git('config', 'user.name', 'Someone');
  git('remote', 'add', 'origin', 'https://github.com/org/shop.git');
  git('commit', '-q', '--allow-empty', '-m', 'first');
  return folder;
}

/** The environment that main has seen. */
function seenBy({ outputs }: ActionResult): Record<string, string> {
  return JSON.parse(outputs['environment'] ?? '{}');
}

/** Runs a job while this process has variables of its own. */
async function withVariables<T>(variables: Record<string, string>, job: () => Promise<T>): Promise<T> {
  Object.assign(process.env, variables);
  try {
    return await job();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
}

describe('what an action sees', () => {
  let workspace: string;
  let result: ActionResult;
  let seen: Record<string, string>;

  beforeAll(async () => {
    workspace = makeCheckout();
    const outside = { AWS_PROFILE: 'production', INPUT_FLAG: 'from outside', INPUT_FOREIGN: 'from outside' };
    result = await withVariables(outside, () =>
      run('report', {
        inputs: { message: ' two\nlines ', 'with space': 'x' },
        environment: { AWS_REGION: 'eu-central-1' },
        workspace,
      }),
    );
    seen = seenBy(result);
  });

  test('inputs under the names that the toolkit reads, given ones and defaults', () => {
    expect(seen).toMatchObject({
      INPUT_MESSAGE: ' two\nlines ',
      INPUT_WITH_SPACE: 'x',
      'INPUT_KEBAB-CASE': '5',
      INPUT_FLAG: 'true',
      INPUT_OLD: '',
      INPUT_BEHAVIOUR: 'report',
    });
    expect(result.annotations).toEqual([]);
  });

  test('the checkout: commit, branch, repository, and its folder as working directory', () => {
    const sha = execFileSync('git', ['-C', workspace, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
    expect(result.outputs['directory']).toBe(workspace);
    expect(seen).toMatchObject({
      GITHUB_ACTIONS: 'true',
      CI: 'true',
      GITHUB_SHA: sha,
      GITHUB_REF: 'refs/heads/release',
      GITHUB_REF_NAME: 'release',
      GITHUB_REPOSITORY: 'org/shop',
      GITHUB_REPOSITORY_OWNER: 'org',
      GITHUB_WORKSPACE: workspace,
      GITHUB_SERVER_URL: 'https://github.com',
      INPUT_TOKEN: 'org/shop',
    });
  });

  test("the job's variables, and none of the test runner's or the user's own cloud", () => {
    expect(seen).toMatchObject({ AWS_REGION: 'eu-central-1', INPUT_FLAG: 'true' });
    const foreign = /^(VITEST|AWS_PROFILE|NODE_ENV|INPUT_FOREIGN)/;
    expect(Object.keys(seen).filter((name) => foreign.test(name))).toEqual([]);
  });

  test('folders of its own, which are gone afterwards', () => {
    expect(seen['RUNNER_TEMP']).toBeTruthy();
    expect(seen['GITHUB_EVENT_PATH']).toBeTruthy();
    expect(existsSync(seen['RUNNER_TEMP'] ?? '/')).toBe(false);
    expect(existsSync(seen['GITHUB_EVENT_PATH'] ?? '/')).toBe(false);
  });

  test('a job that ends with success', () => {
    expect(result).toMatchObject({ conclusion: 'success', exitCode: 0, post: { exitCode: 0 } });
  });
});

describe('what an action sees of what it was told', () => {
  let result: ActionResult;

  beforeAll(async () => {
    result = await run('report', {
      inputs: { MESSAGE: 'the word is swordfish', mesage: 'x', old: 'x' },
      secrets: ['swordfish'],
      runId: '77',
      runAttempt: 3,
      sha: 'c'.repeat(40),
      serverUrl: 'https://git.example',
    });
  });

  test('an input given in another case, once', () => {
    expect(seenBy(result)['INPUT_MESSAGE']).toBe('the word is swordfish');
  });

  test('an unknown input still reaches it; for it and a deprecated one, the warnings that GitHub gives', () => {
    expect(result.annotations).toMatchObject([
      { level: 'warning', message: "Input 'old' has been deprecated with message: use message" },
      {
        level: 'warning',
        message: expect.stringContaining("Unexpected input(s) 'mesage', valid inputs are ['message', "),
      },
    ]);
    expect(result.log).toContain("##[warning]Input 'old' has been deprecated with message: use message");
    expect(seenBy(result)).toMatchObject({ INPUT_MESAGE: 'x' });
    expect(result.exitCode).toBe(0);
  });

  test('the run that it was told to be', () => {
    expect(seenBy(result)).toMatchObject({
      GITHUB_RUN_ID: '77',
      GITHUB_RUN_ATTEMPT: '3',
      GITHUB_SHA: 'c'.repeat(40),
      GITHUB_SERVER_URL: 'https://git.example',
    });
  });

  test("none of the job's own secrets in its log", () => {
    expect(result.log).toContain('the word is ***');
    expect(result.log).not.toContain('swordfish');
  });
});

describe('what an action leaves', () => {
  let result: ActionResult;

  beforeAll(async () => {
    result = await run('files commands progress', { inputs: { message: 'same inputs' } });
  });

  test('outputs, state, variables and path, byte for byte', () => {
    expect(result.outputs).toEqual({ lines: 'first\nsecond=2\n\nfourth<<x', empty: '' });
    expect(result.state).toEqual({ lease: 'held\nby me' });
    expect(result.environment).toEqual({ FOR_LATER: 'value of later' });
    expect(result.path).toEqual(['/opt/fixture/bin']);
    expect(result.main.files.output).toContain('lines<<ghadelimiter_');
  });

  test('state, variables and path reach post, and its summary follows that of main', () => {
    const { log, summary } = result;
    expect(log).toContain('post sees {"STATE_lease":"held\\nby me"}');
    expect(log).toContain('post sees FOR_LATER=value of later PATH starts with /opt/fixture/bin');
    expect(log).toContain('post sees message=same inputs');
    expect(summary).toMatch(/<h1>Deployed<\/h1>[\s\S]*cleaned up/);
  });

  test('groups and annotations, with their titles unescaped', () => {
    const { log, annotations } = result;
    expect(log).toContain('##[group]Build\nstep 1\n##[endgroup]\n##[notice]n\n##[warning]careful: 100%');
    expect(log).toContain('##[error]line one\n##[error]line two');
    expect(log).not.toContain('only when asked');
    expect(annotations).toEqual([
      { level: 'notice', title: 'N', message: 'n', properties: { title: 'N' } },
      { level: 'warning', title: '', message: 'careful: 100%', properties: {} },
      {
        level: 'error',
        title: 'Refused: a, b',
        message: 'line one\nline two',
        properties: { title: 'Refused: a, b', file: 'Dockerfile', line: '3' },
      },
    ]);
  });

  test('lines ended by a carriage return, and the last one without an end', () => {
    expect(result.log).toContain('10 %\n20 %\ndone\nnext\nno newline at the end\n');
  });
});

describe('what an action leaves in the log, with debug logging on', () => {
  const lines: string[] = [];
  let result: ActionResult;

  beforeAll(async () => {
    result = await run('stopCommands debug masks', { debug: true, onLine: (line) => lines.push(line) });
  });

  test('debug lines', () => {
    expect(result.log).toContain('##[debug]only when asked');
  });

  test('no secret after it was masked, in the log, the summary, or encoded', () => {
    const { log, summary, main } = result;
    const [before = '', ...after] = log.slice(log.indexOf('before:')).split('\n');
    expect(before).toBe('before: s3cr3t value');
    expect(after.slice(0, 3)).toEqual([
      'after: ***, json "***", url ***',
      expect.stringMatching(/^basic .*\*\*\*/),
      'stderr: ***',
    ]);
    expect(summary).toContain('summary: ***');
    expect(main.rawOutput).toContain('after: s3cr3t value');
  });

  test('no commands out of text between stop-commands and its token', () => {
    const { annotations, log } = result;
    expect(annotations.map(({ level, message }) => [level, message])).toEqual([
      ['warning', 'a command again'],
    ]);
    expect(log).toContain('::error::not a command');
  });

  test('each line as it comes, masked', () => {
    expect(lines.join('\n')).toBe(result.log);
  });
});

describe('how a job ends', () => {
  test('with the failure of main; post runs all the same and outputs are kept', async () => {
    const result = await run('fail');
    expect(result).toMatchObject({ conclusion: 'failure', exitCode: 1, outputs: { verdict: 'failed' } });
    expect(result.log).toContain('post sees {"STATE_failed":"yes"}');
  });

  test('with the failure of post, and with a commit id where there is no repository', async () => {
    const result = await run('report', { workspace: temporaryFolder(), inputs: { 'post-exit-code': '3' } });
    expect(seenBy(result)['GITHUB_SHA']).toMatch(/^[0-9a-f]{40}$/);
    expect(result).toMatchObject({
      conclusion: 'failure',
      exitCode: 3,
      main: { exitCode: 0 },
      post: { exitCode: 3 },
    });
  });

  test('without post when post-if says so', async () => {
    expect((await run('fail', { actionPath: POST_IF_FIXTURE })).post).toBeUndefined();
    expect((await run('report', { actionPath: POST_IF_FIXTURE })).log).toContain('post ran');
  });

  test('with a failure when an output file makes no sense', async () => {
    const result = await run('brokenOutput');
    expect(result).toMatchObject({ conclusion: 'failure', exitCode: 1 });
    expect(result.annotations.map(({ message }) => message)).toEqual([
      "Unable to process file command 'output' successfully.",
      "Invalid value. Matching delimiter not found 'EOF'",
    ]);
  });

  test('without a summary that is longer than GitHub takes', async () => {
    const result = await run('bigSummary');
    expect(result.annotations).toMatchObject([{ level: 'error', message: expect.stringContaining('1024k') }]);
    expect(result.summary).toBe('cleaned up\n');
    expect(result.exitCode).toBe(0);
  });

  test('cancelled: SIGINT, and post with the state that main left', async () => {
    const result = await cancelWhenReady('gracefulCancel');
    expect(result).toMatchObject({ conclusion: 'cancelled', exitCode: 1, state: { cancelled: 'yes' } });
    expect(result.log).toContain('stopping');
    expect(result.log).toContain('post sees {"STATE_cancelled":"yes"}');
  });

  test('cancelled without post when post-if asks for success', async () => {
    const cancel = AbortSignal.timeout(0);
    const result = await run('gracefulCancel', { actionPath: POST_IF_FIXTURE, cancel });
    expect(result).toMatchObject({ conclusion: 'cancelled', post: undefined });
  });

  test('cancelled in vain: SIGTERM after 7.5 s, SIGKILL after 10 s; what it left running dies after post', async () => {
    const result = await cancelWhenReady('stubbornCancel');
    expect(result).toMatchObject({ conclusion: 'cancelled', exitCode: 137 });
    const [, interrupted, terminated] =
      /SIGINT after (\d+) ms\nSIGTERM after (\d+) ms/.exec(result.log) ?? [];
    expect(Number(interrupted)).toBeLessThan(3000);
    expect(Number(terminated)).toBeGreaterThanOrEqual(7450);
    expect(Number(terminated)).toBeLessThan(9950);
    expect(result.main.durationSeconds).toBeGreaterThan(9.9);
    expect(result.log).toContain('child runs: true');
    const child = Number(result.state['child']);
    expect(result.log).toContain(`Terminate orphan process: pid (${child}) (sleep)`);
    expect(isRunning(child)).toBe(false);
  }, 30_000);

  test('never, where there is no action', async () => {
    await expect(run('report', { actionPath: temporaryFolder() })).rejects.toThrow(/Can't find 'action.yml'/);
  });
});
