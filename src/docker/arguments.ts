import { join } from 'node:path';
import { assignment } from '../host/protocol.ts';
import type { ImageSource } from '../inputs.ts';

export type Build = Extract<ImageSource, { kind: 'build' }>;

/**
 * Who builds: `pushing` is a BuildKit of its own (buildx's container driver and others), which pushes what it built; `engine` is the
 * docker engine, whose image is pushed after; `classic` is the engine without buildx.
 */
export type Builder = 'pushing' | 'engine' | 'classic';

/** @param inspection what `docker buildx inspect` printed; undefined if there is no buildx */
export function builderOf(inspection: string | undefined): Builder {
  const driver = /^Driver:\s*(\S+)/m.exec(inspection ?? '')?.[1];
  if (driver === undefined) return 'classic';
  return driver === 'docker' ? 'engine' : 'pushing';
}

/** Where the Dockerfile is, relative to the workspace. */
export function dockerfileOf(build: Build): string {
  return build.dockerfile === '' ? join(build.context, 'Dockerfile') : build.dockerfile;
}

/**
 * The arguments of docker that build an image.
 * @param platform `linux/amd64` or `linux/arm64`
 * @param names the image's names with tags
 * @param metadataFile where a pushing builder writes the digest
 */
export function buildArguments(
  build: Build,
  builder: Builder,
  platform: string,
  names: string[],
  metadataFile: string,
): string[] {
  return [
    ...commandOf(builder, metadataFile),
    ...['--platform', platform],
    ...['--file', dockerfileOf(build)],
    ...(build.stage === '' ? [] : ['--target', build.stage]),
    ...build.buildArguments.flatMap((argument) => ['--build-arg', assignment(argument)]),
    ...names.flatMap((name) => ['--tag', name]),
    build.context,
  ];
}

/** Attestations would make the image an index, which ECR's basic scanning refuses (moby/buildkit#3499). */
function commandOf(builder: Builder, metadataFile: string): string[] {
  if (builder === 'classic') return ['build'];
  const buildx = ['buildx', 'build', '--provenance=false', '--sbom=false'];
  return builder === 'engine'
    ? [...buildx, '--load']
    : [...buildx, '--push', '--metadata-file', metadataFile];
}

/** @param output what `docker push` printed; its last line names the digest */
export function pushedDigest(output: string): string | undefined {
  return /digest: (sha256:[0-9a-f]{64})/.exec(output)?.[1];
}

/** @param metadata the JSON that buildx wrote */
export function builtDigest(metadata: string): string | undefined {
  const digest: unknown = JSON.parse(metadata)['containerimage.digest'];
  return typeof digest === 'string' ? digest : undefined;
}
