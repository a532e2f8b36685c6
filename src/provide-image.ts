import type { Registry } from './aws/ecr.ts';
import { buildAndPush, logIn } from './docker/docker.ts';
import { makeDockerConfig } from './docker/login.ts';
import { Problem } from './problem.ts';
import type { DeployRun } from './run.ts';

/** The image of the release, as the hosts will pull it. */
export interface ProvidedImage {
  /** `sha256:…` */
  digest: string;
  /** NAME@DIGEST */
  image: string;
  /** Compressed size, 0 if unknown. */
  bytes: number;
  /** Registry that the hosts log in to with their own role; empty if it needs no login. */
  registry: string;
}

/**
 * Builds and pushes the image, or finds the one that exists.
 * @param platform of the hosts, for a build that names none
 * @param keepsLogin called with docker's configuration folder before it holds credentials
 */
export async function provideImage(
  run: DeployRun,
  registry: Registry,
  repository: string,
  platform: string,
  keepsLogin: (dockerConfig: string) => void,
): Promise<ProvidedImage> {
  const source = run.inputs.image;
  const login = await registry.login();
  if (source.kind === 'existing') return findImage(registry, login.registry, repository, source.image);
  await registry.requireRepository(repository);
  const dockerConfig = await makeDockerConfig(login.registry);
  keepsLogin(dockerConfig);
  await logIn(login, dockerConfig);
  const name = `${login.registry}/${repository}`;
  const build = { ...source, platform: source.platform || platform };
  run.log(`Building ${name} for ${build.platform} from ${build.context}`);
  const tags = [await ownTag(registry, repository, run), 'latest'];
  const names = tags.map((tag) => `${name}:${tag}`);
  const digest = await buildAndPush(build, build.platform, names, dockerConfig);
  const { bytes } = await registry.image(repository, digest);
  return { digest, image: `${name}@${digest}`, bytes, registry: login.registry };
}

/**
 * The tag of this build, by which its digest is told; `latest` is for people, and another build on the same engine may move it meanwhile. A
 * commit that was built before keeps its first image: a repository with immutable tags would refuse a second one, and a build is
 * seldom the same twice.
 */
async function ownTag(
  registry: Registry,
  repository: string,
  { commit, holder }: DeployRun,
): Promise<string> {
  const isFree = commit !== '' && (await registry.find(repository, commit)) === undefined;
  return isFree ? commit : `${commit || 'build'}-${holder.slice(0, 8)}`;
}

async function findImage(
  registry: Registry,
  registryHost: string,
  repository: string,
  wanted: string,
): Promise<ProvidedImage> {
  const { name, reference } = splitReference(wanted);
  const ownRepository = name === repository ? repository : name.replace(`${registryHost}/`, '');
  if (name === repository || name.startsWith(`${registryHost}/`)) {
    const { digest, bytes } = await registry.image(ownRepository, reference);
    return { digest, image: `${registryHost}/${ownRepository}@${digest}`, bytes, registry: registryHost };
  }
  if (!reference.startsWith('sha256:')) {
    throw new Problem(
      `The image ${wanted} is not in ${registryHost}, so its tag cannot be looked up. Name it by digest: NAME@sha256:…`,
    );
  }
  return { digest: reference, image: wanted, bytes: 0, registry: '' };
}

/** NAME:TAG, NAME@DIGEST, or NAME:TAG@DIGEST, of which docker heeds the digest only. */
function splitReference(image: string): { name: string; reference: string } {
  const [tagged = '', digest] = image.split('@');
  // A colon before the last slash is a port's.
  const [, name = tagged, tag = ''] = /^(.*):([^/]*)$/.exec(tagged) ?? [];
  return { name, reference: digest ?? tag };
}
