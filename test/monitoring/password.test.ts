import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CommandResult, run } from '../../scripts/checks.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'monitoring-password-'));
  file = join(folder, 'admin-password');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function start(given = ''): Promise<CommandResult> {
  return await run('env', [`GRAFANA_ADMIN_PASSWORD=${given}`, 'sh', 'monitoring/grafana/password.sh', file]);
}

test('a password is made at the first start, for the eyes of its owner only', async () => {
  const { code, output } = await start();
  expect(code, output).toBe(0);
  const password = readFileSync(file, 'utf8');
  expect(password).toMatch(/^[\w-]{32}$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(output).toContain('docker compose exec grafana cat');
  expect(output).not.toContain(password);
});

test('it stays the same at the next start, and is another one elsewhere', async () => {
  await start();
  const first = readFileSync(file, 'utf8');
  await start();
  expect(readFileSync(file, 'utf8')).toBe(first);
  rmSync(file);
  await start();
  expect(readFileSync(file, 'utf8')).not.toBe(first);
});

test('the one that is given is taken, and not printed', async () => {
  await start();
  const { output } = await start('chosen $by "me"');
  expect(readFileSync(file, 'utf8')).toBe('chosen $by "me"');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(output).not.toContain('chosen');
});
