// Draws docs/pictures/monitoring-*.svg from a real run: `npm run monitoring:pictures`. It takes about four minutes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from '../../scripts/checks.ts';
import { readDashboards } from './support/dashboards.ts';
import { Picture } from './support/picture.ts';
import { Stack } from './support/stack.ts';
import { Users } from './support/users.ts';

const folder = join(root, 'docs/pictures');
const STEP_SECONDS = 3;

function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** A release, the next one, and then the database goes away. */
async function story(stack: Stack): Promise<void> {
  const users = new Users(stack.address, 4);
  await delay(70_000);
  await stack.deploy({ release: 'r2-c41d07', version: '1.1.0' });
  await delay(50_000);
  await stack.stopDatabase();
  // Long enough for an alert.
  await delay(80_000);
  await users.leave();
}

const stack = await Stack.start();
try {
  await stack.deploy({ release: 'r1-3f9c2a', version: '1.0.0' });
  // Rates need two scrapes.
  const start = now() + 3;
  await story(stack);
  const range = { start, end: now(), step: STEP_SECONDS };
  const variables = { app: 'example-app', instance: '.*', rateInterval: '8s' };
  const picture = new Picture(stack.prometheus, range, variables);
  mkdirSync(folder, { recursive: true });
  for (const [name, dashboard] of readDashboards()) {
    writeFileSync(join(folder, `monitoring-${name}.svg`), await picture.draw(dashboard));
    console.log(`docs/pictures/monitoring-${name}.svg`);
  }
} finally {
  await stack.remove();
}
