import type { Host } from './aws/ec2.ts';
import { openRecords, openRunCommand } from './doors.ts';
import { type Facts, type Result, remember, tell } from './facts.ts';
import { Problem } from './problem.ts';
import { type ProvidedImage, provideImage } from './provide-image.ts';
import { type Found, findHosts, type ReadyHost, urlOf, waitForHosts } from './reach-hosts.ts';
import { type Ledger, type LedgerEntry, nextReleaseId } from './release/ledger.ts';
import { liveOn, rollOut, type Scene, servesAlready, withLease } from './roll-out.ts';
import type { HostSource } from './rollout/readiness.ts';
import type { DeployRun } from './run.ts';

/** Builds, waits, rolls out and proves; never throws: what went wrong is the result's verdict and reason. */
export function deploy(run: DeployRun): Promise<Result> {
  return tell(run, (facts) => carryOut(run, facts));
}

async function carryOut(run: DeployRun, facts: Facts): Promise<void> {
  const { inputs } = run;
  const { repository, container, region } = inputs;
  facts.strategy = inputs.strategy;
  const builds = inputs.image.kind === 'build';
  const found = await findHosts(run, facts, { repository, builds });
  facts.outputs.url = urlOf(found, container.hostPort);
  const runCommand = await openRunCommand(region);
  const [image, hosts] = await Promise.all([
    prepareImage(run, facts, found),
    waitForHosts(run, facts, runCommand, found.source, container),
  ]);
  facts.outputs.image = image.image;
  facts.outputs.imageDigest = image.digest;
  const records = await openRecords(region, inputs.appName);
  await withLease(run, facts, records, async () => {
    const ledger = await records.ledger();
    await deployImage(run, facts, { runCommand, records, source: found.source, hosts, ledger }, image);
  });
}

async function prepareImage(
  run: DeployRun,
  facts: Facts,
  { destination: { repository }, instances }: Found,
): Promise<ProvidedImage> {
  const { Registry } = await import('./aws/ecr.ts');
  const registry = new Registry(run.inputs.region);
  const image = await provideImage(run, registry, repository, platformOf(run, instances), (dockerConfig) =>
    remember(run, facts, { dockerConfig }),
  );
  run.log(`The image is ${image.image}`);
  return image;
}

/** @throws Problem if an image has to be built for hosts of different architectures */
function platformOf({ inputs }: DeployRun, instances: Host[]): string {
  const architectures = [...new Set(instances.map(({ architecture }) => architecture))];
  if (architectures.length > 1 && inputs.image.kind === 'build')
    throw new Problem(
      `The hosts are of different architectures (${architectures.join(', ')}), and a build is for one. ` +
        'Build an image for all of them in a step before, and name it in the input image.',
    );
  return `linux/${architectures[0] ?? 'amd64'}`;
}

async function deployImage(run: DeployRun, facts: Facts, given: Scene, image: ProvidedImage): Promise<void> {
  const { ledger } = given;
  const scene = { ...given, hosts: await upToDate(run, facts, given) };
  const live = liveOn(scene.hosts, ledger.live);
  facts.outputs.previousRelease = live?.release ?? '';
  const { container: settings, strategy } = run.inputs;
  if (live !== undefined && servesAlready(scene.hosts, { digest: image.digest, settings, strategy })) {
    facts.outputs.verdict = 'unchanged';
    facts.outputs.release = live.release;
    return;
  }
  await rollOut(run, facts, scene, newEntry(run, image, ledger, scene.hosts), run.inputs.migrateCommand);
}

/** While this run built and waited for the lease, another may have changed what is live, and hosts may have come or gone. */
async function upToDate(
  run: DeployRun,
  facts: Facts,
  { runCommand, source, hosts, ledger }: Scene,
): Promise<ReadyHost[]> {
  const isSame = hosts.every(({ report }) => (report.live?.release ?? '') === ledger.live);
  if (isSame && (await areAll(hosts, source))) return hosts;
  return waitForHosts(run, facts, runCommand, source, run.inputs.container);
}

async function areAll(hosts: ReadyHost[], source: HostSource): Promise<boolean> {
  if (!source.changes) return true;
  const known = new Set(hosts.map(({ instanceId }) => instanceId));
  const present = await source.look();
  return present.length === known.size && present.every(({ instanceId }) => known.has(instanceId));
}

function newEntry(
  run: DeployRun,
  { digest, image, registry, bytes }: ProvidedImage,
  ledger: Ledger,
  hosts: ReadyHost[],
): LedgerEntry {
  const known = hosts.flatMap(({ report }) => report.live?.release ?? []);
  return {
    id: nextReleaseId(ledger, known, digest),
    digest,
    image,
    registry,
    imageBytes: bytes,
    settings: run.inputs.container,
    strategy: run.inputs.strategy,
    healthPath: run.inputs.healthPath,
    status: 'rolling-out',
    startedAt: new Date().toISOString(),
    commit: run.commit,
    runUrl: run.runUrl,
  };
}
