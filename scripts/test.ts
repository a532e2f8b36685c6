// Runs everything that has to pass: `npm test`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Check,
  commandFinding,
  type Finding,
  finding,
  type RunOptions,
  report,
  root,
  run,
} from './checks.ts';
import { checkImage, copyOutExampleApp, type ExampleAppCopy, installFromCopy } from './example-app.ts';

/** The part of vitest's JSON report that is added up. */
interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
}

/** A linter and a build have no tests to count: each is one. */
async function script(...args: string[]): Promise<Finding> {
  const { code, output } = await run(process.execPath, args);
  return finding(code === 0, output);
}

/** Runs the linters, and passes on which of them are missing on this machine. */
async function lint(): Promise<Finding> {
  const found = await script('scripts/lint.ts');
  const missing = found.output.split('\n').filter((line) => line.startsWith('not run'));
  if (found.failed === 0 && missing.length > 0) console.log(missing.join('\n'));
  return found;
}

/** The committed bundle has to be the one that a clean build makes. */
async function bundle(): Promise<Finding> {
  const build = await script('scripts/build.ts');
  if (build.failed > 0) return build;
  const made = ['dist', 'infra-template/host-document.yaml'];
  const { output } = await run('git', ['status', '--porcelain', '--', ...made]);
  const advice = `a clean build differs from what is committed: commit what npm run build makes\n${output}`;
  return finding(output === '', advice);
}

function readReport(file: string): VitestReport {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0 }; // vitest ended before it could write one
  }
}

/** Adds up a run of vitest. One that failed outside of a test, or ran none, counts as one failure. */
function count(code: number, output: string, found: VitestReport): Finding {
  const { numPassedTests: passed, numFailedTests: failed } = found;
  if (passed + failed === 0) return { passed, failed: 1, output: `${output}\nno test was run` };
  return { passed, failed: Math.max(failed, code === 0 ? 0 : 1), output };
}

async function vitest(args: string[], options: RunOptions = {}): Promise<Finding> {
  const folder = mkdtempSync(join(tmpdir(), 'vitest-report-'));
  const file = join(folder, 'report.json');
  const command = join(options.cwd ?? root, 'node_modules', '.bin', 'vitest');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  try {
    const { code, output } = await run(command, ['run', ...reporters, ...args], options);
    return count(code, options.live ? 'see above' : output, readReport(file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** example-app is tested where its folder was copied to, as the repository of its own that it is meant to be. */
async function installPackages(copy: ExampleAppCopy): Promise<Finding> {
  const { code, output } = await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: copy.folder });
  if (code === 0) await installFromCopy(copy);
  return { passed: 0, failed: code === 0 ? 0 : 1, output };
}

/** Those that wait have a cloud of their own, since they go on beside the others. */
const waitingCloud = { TEST_CLOUD: 'ec2-deploy-waiting', TEST_WORKERS: '1' };

/** Runs a check once others have ended, however they did: each tells for itself. */
async function after(others: Promise<Finding>[], check: Check): Promise<Finding> {
  await Promise.all(others);
  return report(check);
}

const exampleApp = await copyOutExampleApp();
process.on('exit', exampleApp.remove);

// Each as soon as what it needs is there: the tests run the bundle, and example-app is looked at with its packages.
const bundled = report({ name: 'bundle', run: bundle });
const installed = report({ name: 'example-app setup', run: () => installPackages(exampleApp) });
const withoutCloud = [
  after([bundled], { name: 'unit tests', run: () => vitest(['--project', 'unit']) }),
  after([installed], { name: 'lint', run: lint }),
  after([installed], { name: 'example-app tests', run: () => vitest([], { cwd: exampleApp.folder }) }),
];
// Made from packages where no hub has them, which takes minutes that no test should wait.
const monitoringImages = report({
  name: 'monitoring images',
  run: () => commandFinding('sh', ['scripts/setup.sh', '--monitoring']),
});
// Not beside what needs no cloud: on a slow machine the tests of time limits would fail.
const waited = after(withoutCloud, {
  name: 'waiting tests',
  run: () => vitest(['--project', 'cloud-waiting'], { environment: waitingCloud }),
});
const sideBySide = await Promise.all([
  ...[bundled, installed, monitoringImages, ...withoutCloud, waited],
  after(withoutCloud, {
    name: 'cloud tests',
    // The local clouds stay for the load tests, which remove them.
    run: () => vitest(['--project', 'cloud'], { live: true, environment: { KEEP_CLOUD: '1' } }),
  }),
  // Not beside what waits: each of them takes longer the more there are.
  after([waited], { name: 'example-app image', run: () => checkImage(exampleApp.folder) }),
  after([waited, monitoringImages], {
    name: 'monitoring tests',
    run: () => vitest(['--project', 'monitoring']),
  }),
]);
// They measure, so that nothing else may run.
const alone = await report({
  name: 'load tests',
  run: () => vitest(['--project', 'cloud-load'], { live: true }),
});

const findings = [...sideBySide, alone];
const passed = findings.reduce((sum, found) => sum + found.passed, 0);
const failed = findings.reduce((sum, found) => sum + found.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
