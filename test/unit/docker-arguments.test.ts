import { describe, expect, test } from 'vitest';
import {
  type Build,
  buildArguments,
  builderOf,
  builtDigest,
  dockerfileOf,
  pushedDigest,
} from '../../src/docker/arguments.ts';

const build: Build = {
  kind: 'build',
  context: 'app',
  dockerfile: '',
  stage: '',
  buildArguments: [],
  platform: '',
};
const names = ['registry/app:c0ffee', 'registry/app:latest'];
const digest = `sha256:${'ab'.repeat(32)}`;

describe('the arguments of a build', () => {
  test('with the engine, which loads the image', () => {
    expect(buildArguments(build, 'engine', 'linux/amd64', names, '/tmp/m.json')).toEqual([
      ...['buildx', 'build', '--provenance=false', '--sbom=false', '--load'],
      ...['--platform', 'linux/amd64', '--file', 'app/Dockerfile'],
      ...['--tag', 'registry/app:c0ffee', '--tag', 'registry/app:latest', 'app'],
    ]);
  });

  test('with a builder of its own, which pushes', () => {
    expect(buildArguments(build, 'pushing', 'linux/arm64', names, '/tmp/m.json').slice(0, 9)).toEqual([
      ...[
        'buildx',
        'build',
        '--provenance=false',
        '--sbom=false',
        '--push',
        '--metadata-file',
        '/tmp/m.json',
      ],
      ...['--platform', 'linux/arm64'],
    ]);
  });

  test('without buildx', () => {
    expect(buildArguments(build, 'classic', 'linux/amd64', names, '/tmp/m.json').slice(0, 3)).toEqual([
      ...['build', '--platform', 'linux/amd64'],
    ]);
  });

  test('with a stage, build arguments and a Dockerfile elsewhere', () => {
    const full = {
      ...build,
      dockerfile: 'deploy/Dockerfile',
      stage: 'production',
      buildArguments: [{ name: 'VERSION', value: 'a b=c' }],
    };

    expect(buildArguments(full, 'classic', 'linux/amd64', [], '/tmp/m.json').slice(3)).toEqual([
      ...['--file', 'deploy/Dockerfile', '--target', 'production', '--build-arg', 'VERSION=a b=c', 'app'],
    ]);
  });

  test('the Dockerfile is in the context unless it is named', () => {
    expect([dockerfileOf(build), dockerfileOf({ ...build, context: '.' })]).toEqual([
      'app/Dockerfile',
      'Dockerfile',
    ]);
  });
});

describe('who builds', () => {
  test.each([
    [undefined, 'classic'],
    ['Name:   default\nDriver: docker\n', 'engine'],
    ['Name:   builder\nDriver:        docker-container\n', 'pushing'],
    ['Name:   far\nDriver: remote\n', 'pushing'],
  ])('%j is %s', (inspection, builder) => {
    expect(builderOf(inspection)).toBe(builder);
  });
});

describe('the digest', () => {
  test('is read from what docker push printed', () => {
    expect(pushedDigest(`abc: Pushed\nlatest: digest: ${digest} size: 1577\n`)).toBe(digest);
    expect(pushedDigest('abc: Pushed\n')).toBeUndefined();
  });

  test('is read from the metadata of buildx', () => {
    expect(builtDigest(JSON.stringify({ 'containerimage.digest': digest }))).toBe(digest);
    expect(builtDigest('{}')).toBeUndefined();
  });
});
