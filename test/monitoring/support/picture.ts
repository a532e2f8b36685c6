import { drawChart, drawNumber, escapeText, type Line, lineOf, type Size } from './chart.ts';
import { type DashboardJson, type PanelJson, type Variables, withVariables } from './dashboards.ts';
import type { Prometheus, Range } from './prometheus.ts';

const UNIT = { width: 50, height: 28 };
const HEADER = 46;
const GAP = 6;

/** Asks Prometheus for everything that a dashboard shows, and draws it as one SVG. */
export class Picture {
  readonly #prometheus: Prometheus;
  readonly #range: Range;
  readonly #variables: Variables;

  constructor(prometheus: Prometheus, range: Range, variables: Variables) {
    this.#prometheus = prometheus;
    this.#range = range;
    this.#variables = variables;
  }

  async draw(dashboard: DashboardJson): Promise<string> {
    const releases = await this.#releases(dashboard);
    const elements = await Promise.all(dashboard.panels.map((panel) => this.#element(panel, releases)));
    const bottom = Math.max(...dashboard.panels.map(({ gridPos: { y, h } }) => y + h));
    const [width, height] = [24 * UNIT.width + GAP, bottom * UNIT.height + HEADER + GAP];
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
      `<rect width="${width}" height="${height}" fill="#f4f5f5"/>`,
      `<text x="12" y="30" font-family="sans-serif" font-size="20">${escapeText(dashboard.title)}</text>`,
      ...elements,
      '</svg>\n',
    ].join('\n');
  }

  /** The dashboard's annotation: where a release answers that did not before. */
  async #releases({ annotations }: DashboardJson): Promise<number[]> {
    const expr = annotations.list.find(({ name }) => name === 'Releases')?.expr ?? '';
    const series = await this.#ask(expr);
    return series.flatMap(({ values }) =>
      values[0] === undefined ? [] : [values[0][0] - this.#range.start],
    );
  }

  async #element(panel: PanelJson, releases: number[]): Promise<string> {
    const { x, y, w, h } = panel.gridPos;
    const [left, top] = [x * UNIT.width + GAP, y * UNIT.height + HEADER];
    if (panel.type === 'row')
      return `<text x="${left + 6}" y="${top + 20}" font-family="sans-serif" font-size="14" fill="#555">${escapeText(panel.title)}</text>`;
    const size = { width: w * UNIT.width - GAP, height: h * UNIT.height - GAP };
    const drawn = await this.#panel(panel, releases, size);
    return (
      `<rect x="${left}" y="${top}" width="${size.width}" height="${size.height}" fill="#fff" stroke="#ddd"/>` +
      drawn.replace('<svg ', `<svg x="${left}" y="${top}" `)
    );
  }

  async #panel(panel: PanelJson, releases: number[], size: Size): Promise<string> {
    const { start, end, step } = this.#range;
    const lines = await this.#lines(panel);
    if (lines.every(({ points }) => points.length === 0)) throw new Error(`"${panel.title}" has no data`);
    if (panel.type === 'stat') return drawNumber(panel, lines, end - start - 3 * step, size);
    return await drawChart({ panel, lines, releases, seconds: end - start, size });
  }

  async #lines({ targets = [] }: PanelJson): Promise<Line[]> {
    const answers = targets.map(async ({ expr, legendFormat }) => {
      const series = await this.#ask(expr);
      return series.map((one) => lineOf(legendFormat, one, this.#range.start));
    });
    return (await Promise.all(answers)).flat();
  }

  async #ask(expr: string) {
    return await this.#prometheus.queryRange(withVariables(expr, this.#variables), this.#range);
  }
}
