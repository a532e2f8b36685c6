import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test.each([
  ['testbed/cloud.ts', 'usage: npm run cloud'],
  ['testbed/demo.ts', 'Usage: npm run demo'],
  ['testbed/probe/cli.ts', 'Usage: node testbed/probe/cli.ts'],
  ['testbed/runner/action.ts', 'Usage: npm run action'],
])('%s tells its usage when it is asked, and does nothing else', (program, usage) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, '--help'], { encoding: 'utf8' });

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.startsWith(usage)).toBe(true);
});
