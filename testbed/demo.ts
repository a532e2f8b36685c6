// `npm run demo`: puts example-app on an EC2 host of the local cloud through the real action, three times.
import { rm } from 'node:fs/promises';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import type { CloudEnvironment } from './cloud/environment.ts';
import { down, refreshEnvironment, up } from './cloud/lifecycle.ts';
import { DEFAULT_CLOUD } from './cloud/names.ts';
import { createStack, findStack, putSecret, type StackOutputs } from './demo/account.ts';
import { askApp, versionIn } from './demo/app.ts';
import { startDatabase } from './demo/database.ts';
import {
  APP,
  DATABASE_PARAMETER,
  type Deploy,
  deployBrokenVersion,
  deployVersion,
  LOG_FOLDER,
  WORKFLOW_INPUTS,
} from './demo/deploy.ts';
import { foldedLog, Narrator, type Say } from './demo/narrator.ts';
import { type ProbeReport, startProbe } from './probe/probe.ts';
import { describeReport } from './probe/report.ts';
import { renderMarkdown } from './runner/markdown.ts';
import { paintFor } from './runner/terminal.ts';

const USAGE = `Usage: npm run demo [-- --fresh | --down]

  --fresh   removes the local cloud first, and starts over
  --down    removes the local cloud and everything in it

CLOUD_NAME names another cloud than ${DEFAULT_CLOUD}.`;

const cloudName = process.env['CLOUD_NAME'] || DEFAULT_CLOUD;
const paint = paintFor(process.stdout);
const narrator = new Narrator(process.stdout, paint);

/** Requests a second during a rollout. */
const LOAD = 200;

/** Something is not as the demo promises. */
class BrokenPromise extends Error {}

process.exitCode = await main();

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) return 2;
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  try {
    if (options.fresh || options.down) await removeEverything();
    if (!options.down) await showAll();
    return 0;
  } catch (error) {
    const reason = error instanceof BrokenPromise ? error.message : String((error as Error).stack ?? error);
    narrator.print(paint.red(`\nThe demo failed: ${reason}`));
    return 1;
  }
}

function readOptions(): Record<'fresh' | 'down' | 'help', boolean> | undefined {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({ options: { fresh: flag, down: flag, help: flag } }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    return undefined;
  }
}

async function removeEverything(): Promise<void> {
  await narrator.step('Remove the local cloud', async () => {
    await down(cloudName);
    await rm(LOG_FOLDER, { recursive: true, force: true });
  });
}

async function showAll(): Promise<void> {
  const cloud = await narrator.step('Start the local cloud', (say) =>
    up({ name: cloudName, hosts: 0, log: say }),
  );
  await narrator.step('Start PostgreSQL beside the host, its URL a SecureString in Parameter Store', (say) =>
    prepareDatabase(cloud, say),
  );
  const { stack, version: live } = await narrator.step(
    'Deploy infra-template/single-instance.yaml with CloudFormation',
    (say) => prepareStack(cloud, say),
  );
  const address = await narrator.step(
    `Deploy version ${live + 1}: build, push, wait for the host, roll out`,
    (say) => showDeploy(live + 1, stack, say),
  );
  const second = await narrator.step(`Deploy version ${live + 2} while requests come in`, (say) =>
    showDeployUnderLoad(live + 2, address, say),
  );
  const third = await narrator.step(`Deploy version ${live + 3}, which crashes when it starts`, (say) =>
    showRefusal(live + 3, second, address, say),
  );
  printSummary(third);
  printWayOn(live + 4, stack, address);
}

async function prepareDatabase(cloud: CloudEnvironment, say: Say): Promise<void> {
  const url = await startDatabase(cloudName);
  await putSecret(cloud, DATABASE_PARAMETER, url);
  say(`${DATABASE_PARAMETER} = ${url.replace(/:[^:@]+@/, ':***@')}`);
}

/** Creates the stack, or finds it with the version that an earlier run of the demo left serving. */
async function prepareStack(
  cloud: CloudEnvironment,
  say: Say,
): Promise<{ stack: StackOutputs; version: number }> {
  const found = await findStack(cloud, APP);
  const stack = found ?? (await createStack(cloud, APP));
  say(`stack ${APP}${found === undefined ? '' : ' (already there)'}: host ${stack.instanceId}`);
  if (found === undefined) return { stack, version: 0 };
  const answer = await askApp(addressOf(stack, cloud));
  return { stack, version: Number(answer?.version) || 0 };
}

/** Returns where the app answers. */
async function showDeploy(version: number, stack: StackOutputs, say: Say): Promise<string> {
  const result = await deployVersion(version, foldedLog(say, paint));
  requireVerdict(result, 'deployed');
  // The template's instance has got its host meanwhile, which the env file has to know.
  const address = addressOf(stack, await refreshEnvironment(cloudName));
  await requireServing(version, address, say);
  return address;
}

async function showDeployUnderLoad(version: number, address: string, say: Say): Promise<Deploy> {
  const { result, report } = await underLoad(address, say, (onLine) => deployVersion(version, onLine));
  requireVerdict(result, 'deployed');
  await requireServing(version, address, say);
  requireNoLoss(report);
  requireAnswersBy(report, [version - 1, version]);
  return result;
}

async function showRefusal(version: number, good: Deploy, address: string, say: Say): Promise<Deploy> {
  const image = good.outputs['image'] ?? '';
  const { result, report } = await underLoad(address, say, (onLine) =>
    deployBrokenVersion(version, image, onLine),
  );
  requireVerdict(result, 'rolled-back');
  await requireServing(version - 1, address, say);
  requireNoLoss(report);
  requireAnswersBy(report, [version - 1]);
  return result;
}

/** Deploys while a probe sends requests at a constant rate, from before the deploy until after it. */
async function underLoad(
  address: string,
  say: Say,
  deploy: (onLine: (line: string) => void) => Promise<Deploy>,
): Promise<{ result: Deploy; report: ProbeReport }> {
  say(`${LOAD} requests a second to http://${address}/, half of them on new connections`);
  const probe = startProbe({
    address,
    ratePerSecond: LOAD,
    labelOf: ({ body }) => `version ${versionIn(body)}`,
  });
  const result = await deploy(foldedLog(say, paint)).finally(() => probe.stop());
  const report = await probe.stop();
  say(describeReport(report));
  return { result, report };
}

/** Where the host's port 80 is published on loopback. */
function addressOf(stack: StackOutputs, cloud: CloudEnvironment): string {
  const index = cloud.CLOUD_INSTANCE_IDS.split(',').indexOf(stack.instanceId);
  const address = cloud.CLOUD_HOST_ADDRESSES.split(',')[index];
  if (address !== undefined) return address;
  throw new BrokenPromise(
    `instance ${stack.instanceId} does not run any more: start over with npm run demo -- --fresh`,
  );
}

function requireVerdict(result: Deploy, expected: string): void {
  const verdict = result.outputs['verdict'];
  const failed = result.main.exitCode !== 0;
  const cleanedUp = result.post?.exitCode === 0;
  if (verdict === expected && failed === (expected !== 'deployed') && cleanedUp) return;
  throw new BrokenPromise(
    `the action ended with verdict '${verdict}' instead of '${expected}' (exit code ${result.main.exitCode}, ` +
      `of post ${result.post?.exitCode}). ` +
      `Its last lines (all are in ${result.logFile}):\n${result.log.split('\n').slice(-40).join('\n')}`,
  );
}

async function requireServing(version: number, address: string, say: Say): Promise<void> {
  const answer = await askApp(address);
  say(`GET http://${address}/ → ${answer === undefined ? 'no answer' : `${answer.status} ${answer.body}`}`);
  if (answer?.version !== String(version)) throw new BrokenPromise(`version ${version} does not serve`);
}

function requireNoLoss({ failed, requests }: ProbeReport): void {
  if (failed > 0) throw new BrokenPromise(`${failed} of ${requests} requests failed`);
}

function requireAnswersBy(report: ProbeReport, versions: number[]): void {
  const seen = Object.keys(report.labels).toSorted().join(', ');
  const expected = versions
    .map((version) => `version ${version}`)
    .toSorted()
    .join(', ');
  if (seen !== expected) throw new BrokenPromise(`answers came from ${seen} instead of ${expected}`);
}

function printSummary(third: Deploy): void {
  narrator.print(paint.bold('\nThe job summary of the refused version, as GitHub would show it'));
  narrator.print(`${renderMarkdown(third.summary, paint)}`.replaceAll(/^/gm, '   '));
}

function printWayOn(version: number, stack: StackOutputs, address: string): void {
  const cloud = cloudName === DEFAULT_CLOUD ? '' : `CLOUD_NAME=${cloudName} `;
  const inputs = Object.entries({ ...WORKFLOW_INPUTS, context: APP, 'build-args': `VERSION=${version}` });
  const ways: [what: string, command: string][] = [
    ['Ask the app', `curl http://${address}/`],
    [
      'Deploy another version, or your own Dockerfile',
      `${cloud}npm run action -- deploy ${shellWords(inputs)}`,
    ],
    [
      'Count lost requests meanwhile',
      `sh scripts/with-node.sh testbed/probe/cli.ts ${address}/ --seconds 60`,
    ],
    ['Look into the host', `${cloud}npm run cloud -- exec ${stack.instanceId} -- docker ps`],
    ['See what else the local cloud can do: faults, logs, more hosts', `${cloud}npm run cloud -- --help`],
    ['Read the whole logs of the deploys above', `ls ${relative(process.cwd(), LOG_FOLDER)}`],
    ['Remove everything', `${cloud}npm run demo -- --down`],
  ];
  narrator.print(paint.bold('\nGo on by hand'));
  for (const [what, command] of ways) narrator.print(`   ${paint.dim(`# ${what}`)}\n   ${command}`);
}

function shellWords(inputs: [name: string, value: string][]): string {
  return inputs.map(([name, value]) => `${name}=${/[^\w./=-]/.test(value) ? `'${value}'` : value}`).join(' ');
}
