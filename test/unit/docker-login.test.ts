import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeDockerConfig, removeDockerConfig, withFileStore } from '../../src/docker/login.ts';

describe("docker's configuration for one job", () => {
  let own: string;

  beforeEach(() => {
    own = mkdtempSync(join(tmpdir(), 'docker-config-'));
    vi.stubEnv('DOCKER_CONFIG', own);
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(own, { recursive: true });
  });

  test("has the user's plugins and settings, and a file that only the user can read", async () => {
    mkdirSync(join(own, 'cli-plugins'));
    writeFileSync(join(own, 'cli-plugins', 'docker-buildx'), '');
    writeFileSync(join(own, 'config.json'), '{"currentContext":"far"}');

    const folder = await makeDockerConfig('registry.example');

    expect(existsSync(join(folder, 'cli-plugins', 'docker-buildx'))).toBe(true);
    expect(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))).toMatchObject({
      currentContext: 'far',
    });
    expect(statSync(join(folder, 'config.json')).mode & 0o777).toBe(0o600);
    await removeDockerConfig(folder);
  });

  test("is removed with the login, and the user's own stays", async () => {
    writeFileSync(join(own, 'config.json'), '{"auths":{"hub":{}}}');
    mkdirSync(join(own, 'contexts'));

    const folder = await makeDockerConfig('registry.example');
    await removeDockerConfig(folder);

    expect(existsSync(folder)).toBe(false);
    expect(existsSync(join(own, 'contexts'))).toBe(true);
    expect(readFileSync(join(own, 'config.json'), 'utf8')).toBe('{"auths":{"hub":{}}}');
  });

  test('is there for a user who has none', async () => {
    vi.stubEnv('DOCKER_CONFIG', join(own, 'missing'));

    const folder = await makeDockerConfig('registry.example');

    expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe('{"credHelpers":{"registry.example":""}}');
    await removeDockerConfig(folder);
  });

  test("keeps this registry's login in the file, and leaves other registries to their helpers", () => {
    const text =
      '{"credsStore":"desktop","credHelpers":{"other.example":"ecr-login","registry.example":"desktop"}}';

    expect(JSON.parse(withFileStore(text, 'registry.example'))).toEqual({
      credsStore: 'desktop',
      credHelpers: { 'other.example': 'ecr-login', 'registry.example': '' },
    });
  });
});
