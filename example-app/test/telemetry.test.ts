import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { startProgram } from './support/programs.ts';

it('the model runs without leaving an identifier behind, as ONNX Runtime does when it sends usage data', async () => {
  const home = mkdtempSync(path.join(tmpdir(), 'example-app-home-'));
  const environment = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', PORT: '0', HOME: home };
  const program = startProgram('server.js', [], environment);
  try {
    const seen: string[] = [];
    for await (const line of createInterface({ input: program.stdout })) {
      seen.push(JSON.parse(line).msg);
      if (seen.includes('model loaded')) break;
    }
    expect(seen).toContain('model loaded');
    expect(readdirSync(home)).toEqual([]);
  } finally {
    program.kill('SIGKILL');
    rmSync(home, { recursive: true });
  }
});
