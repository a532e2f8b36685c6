import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { PanelJson } from './dashboards.ts';
import type { Series } from './prometheus.ts';

/** Series of a panel, named by its legend. */
export interface Line {
  name: string;
  /** Seconds since the picture's beginning, and the value. */
  points: { seconds: number; value: number }[];
}

export interface Size {
  width: number;
  height: number;
}

/** Fills in a legend such as `{{route}}`. */
export function legendOf(format: string, labels: Record<string, string>): string {
  return format.replace(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? '');
}

export function lineOf(format: string, { metric, values }: Series, start: number): Line {
  const points = values.map(([time, value]) => ({ seconds: time - start, value: Number(value) }));
  return { name: legendOf(format, metric), points: points.filter(({ value }) => Number.isFinite(value)) };
}

/** How a value is written in a unit, as an expression of Vega about `datum.value`. */
const AXIS_TEXT: Record<string, string> = {
  reqps: "format(datum.value, '~g') + ' /s'",
  cps: "format(datum.value, '~g') + ' /s'",
  s: "datum.value < 1 ? format(datum.value * 1000, '~r') + ' ms' : format(datum.value, '~r') + ' s'",
  percentunit: "format(datum.value, '~%')",
  bytes: "format(datum.value, '.3~s') + 'B'",
};

const OUTER = { left: 60, right: 14, title: 34, axis: 26, legendLine: 16 };

/** What a chart shows. */
export interface Chart {
  panel: PanelJson;
  lines: Line[];
  /** Seconds at which a release went live. */
  releases: number[];
  /** Length of the time that is shown. */
  seconds: number;
  size: Size;
}

/**
 * Draws a chart as Grafana would: the same series, stacking, steps and unit.
 * @returns an SVG element
 */
export async function drawChart(chart: Chart): Promise<string> {
  const view = new View(parse(compile(specification(chart)).spec), { renderer: 'none' });
  return await view.toSVG();
}

function specification({ panel, lines, releases, seconds, size }: Chart): TopLevelSpec {
  const custom = panel.fieldConfig?.defaults.custom;
  const stacking = custom?.stacking?.mode ?? 'none';
  const isStacked = stacking !== 'none';
  const isStep = custom?.lineInterpolation === 'stepAfter';
  const interpolate = isStep ? ('step-after' as const) : ('linear' as const);
  const names = lines.map(({ name }) => name);
  const text =
    AXIS_TEXT[panel.fieldConfig?.defaults.unit ?? ''] ??
    "format(datum.value, datum.value < 1000 ? '~g' : '.3~s')";
  return {
    autosize: { type: 'none' },
    width: size.width - OUTER.left - OUTER.right,
    height: size.height - OUTER.title - OUTER.axis - OUTER.legendLine * 2,
    padding: {
      left: OUTER.left,
      right: OUTER.right,
      top: OUTER.title,
      bottom: OUTER.axis + OUTER.legendLine * 2,
    },
    title: {
      text: panel.title,
      anchor: 'start',
      fontSize: 13,
      offset: 10,
      frame: 'group',
      dx: 12 - OUTER.left,
    },
    data: { values: lines.flatMap(({ name, points }) => points.map((point) => ({ name, ...point }))) },
    layer: [
      {
        mark: isStacked
          ? { type: 'area', interpolate, opacity: 0.6, line: { strokeWidth: 1 } }
          : { type: 'line', interpolate, strokeWidth: 1.5, clip: true },
        encoding: {
          x: {
            field: 'seconds',
            type: 'quantitative',
            scale: { domain: [0, seconds], nice: false },
            axis: {
              title: null,
              labelExpr: "floor(datum.value / 60) + ':' + format(datum.value % 60, '02')",
              tickCount: 6,
            },
          },
          y: {
            field: 'value',
            type: 'quantitative',
            stack: isStacked ? (stacking === 'percent' ? 'normalize' : 'zero') : null,
            ...(isStacked ? { impute: { value: 0 } } : {}),
            axis: { title: null, labelExpr: text, tickCount: 5 },
            scale: yScale(lines, isStep && !isStacked),
          },
          color: {
            field: 'name',
            type: 'nominal',
            scale: { domain: names, scheme: 'tableau10' },
            legend: {
              title: null,
              orient: 'bottom',
              columns: columnsFor(names),
              labelLimit: 0,
              symbolSize: 40,
              offset: 4,
            },
          },
        },
      },
      {
        data: { values: releases.map((seconds) => ({ seconds })) },
        mark: { type: 'rule', color: '#3274d9', strokeDash: [4, 3] },
        encoding: { x: { field: 'seconds', type: 'quantitative' } },
      },
    ],
  };
}

/** As many columns of a legend as fit beside each other. */
function columnsFor(names: string[]): number {
  const longest = Math.max(...names.map(({ length }) => length));
  if (longest > 26) return 2;
  return longest > 16 ? 3 : 4;
}

/** Counts get room above them, so that the line of the largest is seen. */
function yScale(lines: Line[], isCount: boolean): { zero: true; domain?: [number, number] } {
  const most = largest(lines);
  if (most === 0) return { zero: true, domain: [0, 1] };
  return isCount ? { zero: true, domain: [0, most * 1.2] } : { zero: true };
}

function largest(lines: Line[]): number {
  return Math.max(0, ...lines.flatMap(({ points }) => points.map(({ value }) => value)));
}

const NUMBER_TEXT: Record<string, (value: number) => string> = {
  reqps: (value) => `${value.toFixed(1)} /s`,
  cps: (value) => `${value.toFixed(1)} /s`,
  s: (value) => (value < 1 ? `${(value * 1000).toPrecision(3)} ms` : `${value.toPrecision(3)} s`),
  percentunit: (value) => `${(value * 100).toPrecision(3)} %`,
};

/** Draws a number, or the legend where that is what the panel shows. */
export function drawNumber(panel: PanelJson, lines: Line[], newest: number, size: Size): string {
  const current = lines.filter(({ points }) => (points.at(-1)?.seconds ?? 0) >= newest);
  const value = current[0]?.points.at(-1)?.value;
  const unit = panel.fieldConfig?.defaults.unit ?? '';
  const shown =
    panel.options?.textMode === 'name'
      ? current.map(({ name }) => name).join(', ')
      : value === undefined
        ? '–'
        : numberText(unit, value);
  const short = shown.length > 24 ? `${shown.slice(0, 23)}…` : shown;
  const fontSize = Math.min(28, (size.width * 1.6) / Math.max(6, short.length));
  return [
    `<svg width="${size.width}" height="${size.height}" font-family="sans-serif">`,
    `<text x="12" y="22" font-size="12" font-weight="bold">${escapeText(panel.title)}</text>`,
    `<text x="${size.width / 2}" y="${size.height / 2 + 20}" font-size="${fontSize.toFixed(1)}" text-anchor="middle" fill="#2f6f4f">${escapeText(short)}</text>`,
    '</svg>',
  ].join('');
}

function numberText(unit: string, value: number): string {
  if (unit === 'dateTimeFromNow') return `${Math.max(0, Math.round(Date.now() / 1000 - value / 1000))} s ago`;
  return NUMBER_TEXT[unit]?.(value) ?? String(Math.round(value * 100) / 100);
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
