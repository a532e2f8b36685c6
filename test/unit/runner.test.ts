import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { type ActionOptions, type ActionResult, runAction } from '../../testbed/runner/run.ts';

const FIXTURE = fileURLToPath(new URL('./fixtures/runner-action', import.meta.url));
const POST_IF_FIXTURE = fileURLToPath(new URL('./fixtures/runner-post-if', import.meta.url));

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function run(behaviour: string, options: Partial<ActionOptions> = {}): Promise<ActionResult> {
  const inputs = { behaviour, ...options.inputs };
  return runAction({ actionPath: FIXTURE, environment: {}, ...options, inputs });
}

async function seenEnvironment(options: Partial<ActionOptions> = {}): Promise<Record<string, string>> {
  const { outputs } = await run('report', options);
  return JSON.parse(outputs['environment'] ?? '{}');
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

describe('what an action sees', () => {
  test('inputs under the names that the toolkit reads, given ones and defaults', async () => {
    const seen = await seenEnvironment({ inputs: { message: ' two\nlines ', 'with space': 'x' } });
    expect(seen).toMatchObject({
      INPUT_MESSAGE: ' two\nlines ',
      INPUT_WITH_SPACE: 'x',
      'INPUT_KEBAB-CASE': '5',
      INPUT_FLAG: 'true',
      INPUT_OLD: '',
      INPUT_BEHAVIOUR: 'report',
    });
  });

  test('an input given in another case, once', async () => {
    const seen = await seenEnvironment({ inputs: { MESSAGE: 'loud' } });
    expect(seen['INPUT_MESSAGE']).toBe('loud');
  });

  test('an unknown input still reaches it, with the warning that GitHub gives', async () => {
    const result = await run('report', { inputs: { mesage: 'x' } });
    expect(result.annotations).toMatchObject([
      {
        level: 'warning',
        message: expect.stringContaining("Unexpected input(s) 'mesage', valid inputs are ['message', "),
      },
    ]);
    expect(JSON.parse(result.outputs['environment'] ?? '')).toMatchObject({ INPUT_MESAGE: 'x' });
    expect(result.exitCode).toBe(0);
  });

  test('a deprecated input, with a warning', async () => {
    const { log } = await run('report', { inputs: { old: 'x' } });
    expect(log).toContain("##[warning]Input 'old' has been deprecated with message: use message");
  });

  test('the checkout: commit, branch, repository, and its folder as working directory', async () => {
    const workspace = makeCheckout();
    const sha = execFileSync('git', ['-C', workspace, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
    const { outputs } = await run('report', { workspace });
    expect(outputs['directory']).toBe(workspace);
    expect(JSON.parse(outputs['environment'] ?? '')).toMatchObject({
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

  test('the run that it was told to be', async () => {
    const seen = await seenEnvironment({
      runId: '77',
      runAttempt: 3,
      sha: 'c'.repeat(40),
      serverUrl: 'https://git.example',
    });
    expect(seen).toMatchObject({
      GITHUB_RUN_ID: '77',
      GITHUB_RUN_ATTEMPT: '3',
      GITHUB_SHA: 'c'.repeat(40),
      GITHUB_SERVER_URL: 'https://git.example',
    });
  });

  test('a commit id also where there is no repository', async () => {
    const seen = await seenEnvironment({ workspace: temporaryFolder() });
    expect(seen['GITHUB_SHA']).toMatch(/^[0-9a-f]{40}$/);
  });

  test("the job's variables, and none of the test runner's or the user's own cloud", async () => {
    process.env['AWS_PROFILE'] = 'production';
    process.env['INPUT_MESSAGE'] = 'from outside';
    try {
      const seen = await seenEnvironment({ environment: { AWS_REGION: 'eu-central-1' } });
      expect(seen).toMatchObject({ AWS_REGION: 'eu-central-1', INPUT_MESSAGE: 'hello' });
      expect(Object.keys(seen).filter((name) => /^(VITEST|AWS_PROFILE|NODE_ENV)/.test(name))).toEqual([]);
    } finally {
      delete process.env['AWS_PROFILE'];
      delete process.env['INPUT_MESSAGE'];
    }
  });

  test('folders of its own, which are gone afterwards', async () => {
    const seen = await seenEnvironment();
    expect(seen['RUNNER_TEMP']).toBeTruthy();
    expect(seen['GITHUB_EVENT_PATH']).toBeTruthy();
    expect(existsSync(seen['RUNNER_TEMP'] ?? '/')).toBe(false);
    expect(existsSync(seen['GITHUB_EVENT_PATH'] ?? '/')).toBe(false);
  });
});

describe('what an action leaves', () => {
  test('outputs, state, variables and path, byte for byte', async () => {
    const result = await run('files');
    expect(result.outputs).toEqual({ lines: 'first\nsecond=2\n\nfourth<<x', empty: '' });
    expect(result.state).toEqual({ lease: 'held\nby me' });
    expect(result.environment).toEqual({ FOR_LATER: 'value of later' });
    expect(result.path).toEqual(['/opt/fixture/bin']);
    expect(result.main.files.output).toContain('lines<<ghadelimiter_');
  });

  test('state, variables and path reach post, and its summary follows that of main', async () => {
    const { log, summary } = await run('files', { inputs: { message: 'same inputs' } });
    expect(log).toContain('post sees {"STATE_lease":"held\\nby me"}');
    expect(log).toContain('post sees FOR_LATER=value of later PATH starts with /opt/fixture/bin');
    expect(log).toContain('post sees message=same inputs');
    expect(summary).toMatch(/<h1>Deployed<\/h1>[\s\S]*cleaned up/);
  });

  test('groups and annotations, with their titles unescaped', async () => {
    const { log, annotations } = await run('commands');
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

  test('debug lines when debug logging is on', async () => {
    const { log } = await run('commands', { debug: true });
    expect(log).toContain('##[debug]only when asked');
  });

  test('no secret after it was masked, in the log, the summary, or encoded', async () => {
    const { log, summary, main } = await run('masks');
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

  test("none of the job's own secrets", async () => {
    const { log } = await run('report', {
      inputs: { message: 'the word is swordfish' },
      secrets: ['swordfish'],
    });
    expect(log).toContain('the word is ***');
    expect(log).not.toContain('swordfish');
  });

  test('no commands out of text between stop-commands and its token', async () => {
    const { annotations, log } = await run('stopCommands');
    expect(annotations.map(({ level, message }) => [level, message])).toEqual([
      ['warning', 'a command again'],
    ]);
    expect(log).toContain('::error::not a command');
  });

  test('lines ended by a carriage return, and the last one without an end', async () => {
    const { log } = await run('progress');
    expect(log).toContain('10 %\n20 %\ndone\nnext\nno newline at the end');
  });

  test('each line as it comes, masked', async () => {
    const lines: string[] = [];
    const { log } = await run('masks', { onLine: (line) => lines.push(line) });
    expect(lines.join('\n')).toBe(log);
  });
});

describe('how a job ends', () => {
  test('with success', async () => {
    expect(await run('report')).toMatchObject({ conclusion: 'success', exitCode: 0, post: { exitCode: 0 } });
  });

  test('with the failure of main; post runs all the same and outputs are kept', async () => {
    const result = await run('fail');
    expect(result).toMatchObject({ conclusion: 'failure', exitCode: 1, outputs: { verdict: 'failed' } });
    expect(result.log).toContain('post sees {"STATE_failed":"yes"}');
  });

  test('with the failure of post', async () => {
    const result = await run('report', { inputs: { 'post-exit-code': '3' } });
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
