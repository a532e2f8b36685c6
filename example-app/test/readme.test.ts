import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { Metrics } from '../src/metrics.ts';
import { description } from './support/described-answers.ts';

const root = path.resolve(import.meta.dirname, '..');
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

it('lists every route, and no other', () => {
  const rows = [...readme.matchAll(/^\| `(GET|POST|DELETE) (\/[^`?]*)/gm)];
  const listed = rows.map(([, method, route]) => `${method} ${route?.replace('/ID', '/{id}')}`);
  const routes = Object.entries(description.paths).flatMap(([route, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${route}`),
  );
  expect(listed.sort()).toEqual(routes.sort());
});

it('lists every setting that is read, and no other', () => {
  const read = new Set<string>();
  const environment = new Proxy<Record<string, string>>(
    { DATABASE_URL: 'postgres://nobody@database/none' },
    {
      get: (target, name) => {
        read.add(String(name));
        return target[String(name)];
      },
    },
  );
  readConfig(environment);
  const [, settings = ''] = readme.split('## Settings\n');
  const listed = [...settings.matchAll(/^\| `([A-Z_0-9]+)` \|/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual([...read].sort());
});

/** Reads which labels each of the app's own metrics has from the text that Prometheus gets. */
function labelsByMetric(text: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [, sample = '', labels = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? /gm)) {
    if (/^(process|nodejs)_/.test(sample)) continue;
    const names = [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label);
    found[sample.replace(/_(bucket|sum|count)$/, '')] = names.filter((label) => label !== 'le');
  }
  return found;
}

it('lists every metric with its labels, and no other', async () => {
  const metrics = new Metrics({ version: '1', release: null });
  metrics.requests.count('GET', '/', 200, 1);
  metrics.countPrediction('positive');
  metrics.showModel({ name: 'model', version: '1', digest: 'sha256:0' });
  metrics.showPool({ totalCount: 1, idleCount: 1, waitingCount: 0 }, 1);
  const [, section = ''] = readme.split('## Metrics\n');
  const rows = [...section.matchAll(/^\| `([a-z_]+)` \|([^|:]*)[^|]*\|/gm)];
  const listed = rows.map(([, name, labels = '']) => [
    name,
    [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label),
  ]);
  expect(Object.fromEntries(listed)).toEqual(labelsByMetric(await metrics.registry.metrics()));
});

it('names only commands, files and folders that are there', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8'),
  );
  const commands = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? '');
  expect(commands.filter((name) => !(name in scripts))).toEqual([]);
  const [, places = ''] = readme.split('## Where things are\n');
  const named = [...places.matchAll(/\b((?:src|train|model|test)(?:\/[\w.-]+)*)\/?/g)].map(
    ([, name]) => name ?? '',
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
});
