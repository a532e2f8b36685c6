// infra-template/README.md shows what the templates say, and says all of it.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type TemplateDescription, withTemplates } from '../../scripts/docs.ts';
import { FOLDER, templateFiles, templateOf } from './support/templates.ts';

const readme = readFileSync(`${FOLDER}/README.md`, 'utf8');

test('the tables of parameters and outputs are fresh', () => {
  const templates = Object.fromEntries(
    templateFiles.map((file) => [file, templateOf(file) as TemplateDescription]),
  );
  expect(withTemplates(readme, templates)).toBe(readme);
});

test('a parameter is shown with its default and with what it must be', () => {
  const text = withTemplates('<!-- a.yaml:start -->\n<!-- a.yaml:end -->', {
    'a.yaml': {
      Parameters: { Size: { Description: 'How big.', Default: 2, ConstraintDescription: 'must be 1 | 2.' } },
      Outputs: { Id: { Description: 'Which one.' } },
    },
  });
  expect(text.split('\n')).toEqual([
    '<!-- a.yaml:start -->',
    '| Parameter | Default | What it is |',
    '| --- | --- | --- |',
    '| `Size` | `2` | How big. It must be 1 \\| 2. |',
    '',
    '| Output | What it is |',
    '| --- | --- |',
    '| `Id` | Which one. |',
    '<!-- a.yaml:end -->',
  ]);
});

test('every template is said to be for something, and has a table', () => {
  for (const file of templateFiles) {
    expect(readme).toContain(`| [${file}](${file}) |`);
    expect(readme).toContain(`<!-- ${file}:start -->`);
  }
});

test('the costs are the sums of the list prices', () => {
  /** The numbers of a row of the tables of costs, one a region. */
  const row = (name: string) => {
    const line = readme.split('\n').find((text) => text.startsWith(`| ${name}`)) ?? '';
    const cells = line.split('|').slice(2, 4);
    return cells.map((cell) => Number.parseFloat(cell.replaceAll('*', '')));
  };
  const hours = 730;
  for (const region of [0, 1]) {
    const of = (name: string) => row(name)[region] ?? Number.NaN;
    const addresses = (count: number) => count * of('public IPv4 address') * hours;
    const host = (type: string) => of(`${type}, an hour`) * hours + 20 * of('gp3');
    const images = of('images');
    const fleet = 2 * host('t3.small') + of('load balancer') * hours + addresses(2) + images;
    expect(row('`single-instance.yaml`')[region]).toBeCloseTo(host('t3.small') + addresses(1) + images, 1);
    expect(row('with t4g.small')[region]).toBeCloseTo(host('t4g.small') + addresses(1) + images, 1);
    expect(row('`fleet.yaml`')[region]).toBeCloseTo(fleet + addresses(2), 1);
    expect(row('with `nat` ')[region]).toBeCloseTo(fleet + of('NAT gateway') * hours + addresses(1), 1);
    expect(row('with `nat-per-zone`')[region]).toBeCloseTo(
      fleet + 2 * of('NAT gateway') * hours + addresses(2),
      1,
    );
  }
});
