import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { dashboardFiles, dashboardsFolder } from '../../monitoring/dashboards/build.ts';
import { root, run } from '../../scripts/checks.ts';
import { readDashboards } from './support/dashboards.ts';

const dashboards = readDashboards();
const PACKAGE = '@grafana/grafana-foundation-sdk';

test('the committed dashboards are those that the sources make', () => {
  const advice = 'run npm run monitoring:dashboards and commit monitoring/dashboards/json';
  const committed = readdirSync(dashboardsFolder).map((name): [string, string] => [
    name,
    readFileSync(join(dashboardsFolder, name), 'utf8'),
  ]);
  expect(Object.fromEntries(committed), advice).toEqual(Object.fromEntries(dashboardFiles()));
});

describe.each([...dashboards])('%s', (_, dashboard) => {
  const panels = dashboard.panels.filter(({ type }) => type !== 'row');

  test('has ids and titles that are its own, and says what each panel is for', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(panels.length).toBeGreaterThan(5);
    for (const { title, description } of panels) {
      expect(title).toBeTruthy();
      expect(description, title).toBeTruthy();
    }
  });

  test('has panels that do not cover each other', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...dashboard.panels.map(({ gridPos: { x, w } }) => x + w))).toBeLessThanOrEqual(24);
  });
});

/**
 * Grafana publishes the schema of dashboards as types of its SDK. They refuse unknown fields of a literal, missing fields and wrong values; enums
 * are compared by what they are in JSON.
 */
const PRELUDE = `
import type { Dashboard, Panel, RowPanel } from '${PACKAGE}/dashboard';
import type * as prometheus from '${PACKAGE}/prometheus';
import type * as stat from '${PACKAGE}/stat';
import type * as timeseries from '${PACKAGE}/timeseries';
type Plain<T> = T extends string ? (string extends T ? string : \`\${T}\`)
  : T extends number ? (number extends T ? number : \`\${T}\` extends \`\${infer N extends number}\` ? N : never)
  : T extends (...args: never[]) => unknown ? never
  : T extends readonly (infer Item)[] ? Plain<Item>[]
  : T extends object ? { [Key in keyof T as Key extends \`_implements\${string}\` ? never : Key]: Plain<T[Key]> }
  : T;
type Query = Omit<prometheus.Dataquery, 'datasource'> & { datasource: { type: 'prometheus'; uid: 'prometheus' } };
type Frame = Plain<Omit<Dashboard, 'panels'>>;
type Any = Plain<Omit<Panel, 'targets' | 'options' | 'fieldConfig'>>;
type Field = Plain<Omit<NonNullable<Panel['fieldConfig']>['defaults'], 'custom'>>;
`;

interface SchemaDashboard {
  panels: SchemaPanel[];
}

interface SchemaPanel {
  type: string;
  targets?: unknown[];
  options?: unknown;
  fieldConfig?: { defaults: { custom?: unknown } };
}

/** One statement for each part of a dashboard that has a type of its own. */
function statements(dashboard: SchemaDashboard): string[] {
  const { panels, ...frame } = dashboard;
  return [`${JSON.stringify(frame)} satisfies Frame`, ...panels.flatMap(panelStatements)];
}

function panelStatements({ targets = [], options, fieldConfig, ...panel }: SchemaPanel): string[] {
  if (panel.type === 'row') return [`${JSON.stringify(panel)} satisfies Plain<RowPanel>`];
  const { custom, ...field } = fieldConfig?.defaults ?? {};
  return [
    `${JSON.stringify(panel)} satisfies Any`,
    `${JSON.stringify(options)} satisfies Plain<${panel.type}.Options>`,
    `${JSON.stringify(field)} satisfies Field`,
    ...(custom === undefined ? [] : [`${JSON.stringify(custom)} satisfies Plain<timeseries.FieldConfig>`]),
    ...targets.map((target) => `${JSON.stringify(target)} satisfies Plain<Query>`),
  ];
}

/** Returns what the compiler has against dashboards, by name. */
async function problemsOf(dashboards: Record<string, SchemaDashboard>): Promise<string> {
  const folder = mkdtempSync(join(root, 'node_modules/.dashboards-'));
  try {
    for (const [name, dashboard] of Object.entries(dashboards)) {
      const lines = statements(dashboard).map((statement) => `void (${statement});`);
      writeFileSync(join(folder, `${name}.ts`), `${PRELUDE}\n${lines.join('\n')}\n`);
    }
    const options = { extends: join(root, 'tsconfig.json'), include: ['*.ts'] };
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ ...options, compilerOptions: { noUnusedLocals: false } }),
    );
    const { code, output } = await run(join(root, 'node_modules/.bin/tsc'), ['--project', folder]);
    return code === 0 ? '' : output;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the published schema', () => {
  const service: SchemaDashboard = JSON.parse(dashboardFiles().get('service.json') ?? '');
  const source = { type: 'prometheus', uid: 'prometheus' };
  /** Each is one mistake in a chart. */
  const mistakes: Record<string, object> = {
    'unknown-field': { colour: 'red' },
    'title-without-text': { title: 7 },
    'unknown-option': { options: { legend: { displayMode: 'circle' } } },
    'query-without-expression': { targets: [{ refId: 'A', datasource: source }] },
    'other-data-source': { targets: [{ refId: 'A', expr: 'up', datasource: { uid: 'other' } }] },
  };
  let problems: string;

  function withPanel(fields: object): SchemaDashboard {
    const panel = service.panels.find(({ type }) => type === 'timeseries');
    if (panel === undefined) throw new Error('the dashboard "service" has no chart');
    return { ...service, panels: [{ ...panel, ...fields }] };
  }

  beforeAll(async () => {
    const changed = Object.entries(mistakes).map(([name, fields]) => [name, withPanel(fields)]);
    problems = await problemsOf(Object.fromEntries([...changed, ['no-mistake', withPanel({})]]));
  });

  test('fits every dashboard', async () => {
    expect(await problemsOf(Object.fromEntries(dashboards))).toBe('');
  });

  test.each(Object.keys(mistakes))('refuses the mistake "%s"', (name) => {
    expect(problems).toContain(`${name}.ts(`);
  });

  test('refuses nothing else', () => {
    expect(problems).not.toContain('no-mistake.ts(');
  });
});
