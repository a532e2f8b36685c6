import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { group } from '@actions/core';
import { type ExecOutput, getExecOutput } from '@actions/exec';
import type { RegistryLogin } from '../aws/ecr.ts';
import { Problem } from '../problem.ts';
import {
  type Build,
  type Builder,
  buildArguments,
  builderOf,
  builtDigest,
  dockerfileOf,
  pushedDigest,
} from './arguments.ts';

/**
 * Logs docker in to a registry. The password goes in by standard input, where no process list shows it.
 * @param config docker's configuration folder, where the login is kept
 */
export async function logIn({ registry, user, password }: RegistryLogin, config: string): Promise<void> {
  const login = ['login', '--username', user, '--password-stdin', registry];
  const { exitCode, stderr } = await docker(login, config, { input: password, silent: true });
  if (exitCode === 0) return;
  throw new Problem(
    `docker cannot log in to ${registry}. Check the runner's way to it (network, proxy), or run the job again later: ${lastLines(stderr)}`,
  );
}

/**
 * Builds the image, pushes it under all its names and tells its digest in the registry.
 * @param config docker's configuration folder, with the login
 * @throws Problem if the Dockerfile is missing or docker fails
 */
export async function buildAndPush(
  build: Build,
  platform: string,
  names: string[],
  config: string,
): Promise<string> {
  requireDockerfile(build);
  const builder = await currentBuilder(config);
  const metadataFile = join(process.env['RUNNER_TEMP'] ?? tmpdir(), `ec2-deploy-build-${process.pid}.json`);
  await runBuild(buildArguments(build, builder, platform, names, metadataFile), config);
  const digest = builder === 'pushing' ? await readBuiltDigest(metadataFile) : await pushAll(names, config);
  if (digest === undefined) {
    throw new Problem(
      `docker did not tell the digest of ${names[0]}. Is the docker command older than 20.10?`,
    );
  }
  return digest;
}

function requireDockerfile(build: Build): void {
  const dockerfile = dockerfileOf(build);
  if (existsSync(dockerfile)) return;
  throw new Problem(
    `There is no ${dockerfile} in ${process.cwd()}. Check the inputs context and dockerfile, and that actions/checkout runs before this step.`,
  );
}

async function currentBuilder(config: string): Promise<Builder> {
  const { exitCode, stdout } = await docker(['buildx', 'inspect'], config, { silent: true });
  return builderOf(exitCode === 0 ? stdout : undefined);
}

async function runBuild(args: string[], config: string): Promise<void> {
  const { exitCode, stderr, stdout } = await group('docker build', () => docker(args, config));
  if (exitCode === 0) return;
  throw new Problem(
    `docker build failed with exit code ${exitCode}: ${lastLines(stderr) || lastLines(stdout)}`,
  );
}

async function readBuiltDigest(metadataFile: string): Promise<string | undefined> {
  const metadata = await readFile(metadataFile, 'utf8');
  await rm(metadataFile, { force: true });
  return builtDigest(metadata);
}

async function pushAll(names: string[], config: string): Promise<string | undefined> {
  const digests: (string | undefined)[] = [];
  for (const name of names) digests.push(await push(name, config));
  return digests[0];
}

async function push(name: string, config: string): Promise<string | undefined> {
  const { exitCode, stdout, stderr } = await group(`docker push ${name}`, () =>
    docker(['push', name], config),
  );
  if (exitCode === 0) return pushedDigest(stdout);
  throw new Problem(
    `docker cannot push ${name}. The role needs the ECR push actions (README, "The exact IAM policy"), and the repository must let the tag be moved: ${lastLines(stderr)}`,
  );
}

interface DockerOptions {
  input?: string;
  silent?: boolean;
}

async function docker(
  args: string[],
  config: string,
  { input, silent = false }: DockerOptions = {},
): Promise<ExecOutput> {
  try {
    return await getExecOutput('docker', args, {
      ignoreReturnCode: true,
      silent,
      env: { ...definedVariables(), DOCKER_CONFIG: config },
      ...(input === undefined ? {} : { input: Buffer.from(input) }),
    });
  } catch (error) {
    throw new Problem(
      'The runner has no docker command that works. Use a runner with docker (ubuntu-latest has it), or give the input image.',
      { cause: error },
    );
  }
}

function definedVariables(): Record<string, string> {
  const defined = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return Object.fromEntries(defined);
}

/** The end of what a command said is where the cause is. */
function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join('\n');
}
