import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProbe } from '../../testbed/probe/probe.ts';
import type { ActionResult } from '../../testbed/runner/run.ts';
import {
  annotations,
  containersOf,
  digestsOn,
  ledgerOf,
  lines,
  newAppName,
  statusOf,
} from './support/app-state.ts';
import { ask, type BorrowedHost, borrowHost, deploy, repository, servedVersion } from './support/cloud.ts';
import { pushIndex } from './support/registry.ts';

const app = newAppName('careful');
const foreignApp = `${import.meta.dirname}/support/foreign-app`;
const foreign = process.arch === 'arm64' ? 'amd64' : 'arm64';
let host: BorrowedHost;
/** The deploy of the release that serves when candidates are refused. */
let good: ActionResult;

beforeAll(async () => {
  host = await borrowHost();
});

afterAll(() => host.giveBack());

function deployApp(inputs: Record<string, string>): Promise<ActionResult> {
  return deploy(host, { 'app-name': app, 'health-timeout': '3s', ...inputs });
}

/** Everything that a candidate can leave on a host. */
async function leftovers() {
  const [containers, digests, files, guards] = await Promise.all([
    containersOf(host, app),
    digestsOn(host, repository),
    lines(host, 'find /run/ec2-deploy -mindepth 1'),
    lines(host, `ls /var/lib/ec2-deploy/${app} | grep -E 'journal|guard.pid' || true`),
  ]);
  return { containers, digests, files, guards };
}

describe('a first release that fails', () => {
  test('fails the job and leaves nothing', async () => {
    const { exitCode, outputs, summary } = await deployApp({
      version: '0',
      env: 'HEALTH_STATUS=503',
    });

    expect({ exitCode, verdict: outputs['verdict'] }).toEqual({ exitCode: 1, verdict: 'failed' });
    expect(summary).toContain('There is no release before it, so nothing serves yet.');
    expect(await leftovers()).toEqual({ containers: [], digests: [], files: [], guards: [] });
    await expect(ask(host)).rejects.toThrow('fetch failed');
    expect(await ledgerOf(app)).toMatchObject({ live: '', releases: [], unproven: [outputs['release']] });
    expect(await statusOf(app, outputs['release'] ?? '')).toBe('failed');
  });

  test('is no obstacle to a good one', async () => {
    good = await deployApp({ version: '1', 'health-timeout': '30s' });

    expect(good).toMatchObject({ exitCode: 0, outputs: { verdict: 'deployed' } });
    expect(await servedVersion(host)).toBe('1');
  });
});

interface Case {
  inputs: Record<string, string>;
  /** What the annotation and the summary say. */
  cause: string;
  /** The candidate's last line, in the summary and the log; none where it never ran. */
  lastLine?: string;
}

const shell = (script: string) => ({ command: `sh -c '${script}'` });

const cases: Record<string, Case> = {
  'crashes at start': {
    inputs: shell('echo PAYMENTS_URL is not set >&2; exit 3'),
    cause: 'The container crashed at start: it ended with exit code 3 before it answered.',
    lastLine: 'PAYMENTS_URL is not set',
  },
  'has a command that does not exist': {
    inputs: { command: 'serve --port 8000' },
    cause: "The container's command cannot be run (exit code 127).",
  },
  'runs out of memory': {
    inputs: {
      memory: '16m',
      ...shell('echo loading the model; model=x; while :; do model=$model$model; done'),
    },
    cause: 'The container ran out of memory (its limit of 16m) and was killed.',
    lastLine: 'loading the model',
  },
  'never listens': {
    inputs: shell('echo waiting for the database; exec sleep 600'),
    cause: 'The container runs and listens on no port. The app must listen on port 8000',
    lastLine: 'waiting for the database',
  },
  'answers 500': {
    inputs: {
      ...shell('echo serving; exec caddy run --config /etc/caddy/Caddyfile'),
      env: 'HEALTH_STATUS=500',
    },
    cause: 'The container answered 500 to GET /health',
    lastLine: 'serving',
  },
  'answers 404 on the health path': {
    inputs: { ...shell('echo serving; exec httpd -f -p 8000 -h /etc/caddy'), 'health-path': '/ready' },
    cause: 'The container answered 404 to GET /ready. Set the input health-path to a path that answers 2xx.',
    lastLine: 'serving',
  },
  'listens on another port': {
    inputs: { ...shell('echo serving; exec caddy run --config /etc/caddy/Caddyfile'), env: 'LISTEN=:9000' },
    cause: 'The container listens on port 9000, not on 8000. Set the input container-port to 9000',
    lastLine: 'serving',
  },
  'listens on its own loopback only': {
    inputs: shell('echo serving; exec httpd -f -p 127.0.0.1:8000 -h /etc/caddy'),
    cause: 'The container listens on port 8000 of its own loopback only. Let the app listen on 0.0.0.0.',
    lastLine: 'serving',
  },
  'is for another architecture': {
    inputs: { context: foreignApp, platform: `linux/${foreign}` },
    cause: `The image is built for ${foreign}, the host is`,
  },
  'holds a program that the processor cannot run': {
    inputs: { context: foreignApp },
    cause: 'The host cannot run the container\'s program ("exec format error")',
  },
};

describe('a candidate that', () => {
  let before: Awaited<ReturnType<typeof leftovers>>;

  beforeAll(async () => {
    before = await leftovers();
  });

  test.each(Object.entries(cases))('%s is refused, and the old release serves on', (_, candidate) =>
    expectRefusal(candidate),
  );

  test('is an index without a variant for the host is refused, and the old release serves on', async () => {
    const index = await pushIndex(repository, `${app}-index`, good.outputs['image-digest'] ?? '', foreign);

    await expectRefusal({
      inputs: { image: `${repository}@${index}` },
      cause: "The image has no variant for the host's",
    });
  });

  async function expectRefusal({ inputs, cause, lastLine }: Case): Promise<void> {
    const probe = startProbe({
      address: host.address,
      ratePerSecond: 5,
      labelOf: ({ body }) => JSON.parse(body).version,
    });

    // The image that serves, run in a way that does not work, unless the image itself is what is wrong.
    const image = { image: `${repository}@${good.outputs['image-digest']}` };
    const result = await deployApp('context' in inputs ? inputs : { ...image, ...inputs });
    const { failed, reasons, labels } = await probe.stop();

    const { release: live } = good.outputs;
    expect(result).toMatchObject({
      exitCode: 1,
      outputs: { verdict: 'rolled-back', 'previous-release': live },
    });
    expect({ failed, reasons, versions: Object.keys(labels) }).toEqual({
      failed: 0,
      reasons: {},
      versions: ['1'],
    });
    expect(annotations(result, 'error')).toContain(cause);
    expect(plain(result.summary)).toContain(cause);
    if (lastLine !== undefined) {
      expect(result.summary).toContain(`<pre>${lastLine}`);
      expect(result.log).toContain(`  | ${lastLine}`);
    }
    expect(await leftovers()).toEqual(before);
    expect(await ledgerOf(app)).toMatchObject({ live, releases: [live] });
    expect(await statusOf(app, result.outputs['release'] ?? '')).toBe('rolled-back');
  }
});

/** The summary's text as a reader sees it. */
function plain(summary: string): string {
  return summary
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
