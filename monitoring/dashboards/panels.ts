import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueGraphMode,
  BigValueTextMode,
  GraphGradientMode,
  LegendDisplayMode,
  LegendPlacement,
  LineInterpolation,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { Panel as BuiltPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** The data source that provisioning sets up, see grafana/provisioning/datasources. */
export const prometheus = { type: 'prometheus', uid: 'prometheus' };

/** Units as Grafana names them. */
export type Unit = 'reqps' | 's' | 'percentunit' | 'bytes' | 'short' | 'none' | 'cps' | 'dateTimeFromNow';

/** What a panel asks: PromQL by legend; a legend may name labels, as in `{{route}}`. */
export type Queries = Readonly<Record<string, string>>;

export interface Panel {
  /** What to look for in it, shown behind the panel's info sign. */
  description: string;
  unit: Unit;
  queries: Queries;
  /** Values lie on top of each other; with percent, as shares of their sum. */
  stacking?: 'normal' | 'percent';
  /** Values hold until the next one, as counts and releases do. */
  steps?: boolean;
  max?: number;
  decimals?: number;
}

export type PanelSource = Builder<BuiltPanel>;

const WIDTH_OF_CHART = 12;
const HEIGHT_OF_CHART = 8;
const WIDTH_OF_NUMBER = 4;
const HEIGHT_OF_NUMBER = 4;

/** A chart over time, half a row wide. */
export function chart(title: string, panel: Panel): PanelSource {
  const builder = new TimeseriesBuilder()
    .title(title)
    .description(panel.description)
    .datasource(prometheus)
    .unit(panel.unit)
    .min(0)
    .span(WIDTH_OF_CHART)
    .height(HEIGHT_OF_CHART)
    .targets(targets(panel.queries))
    .lineWidth(1)
    .fillOpacity(panel.stacking === undefined ? 8 : 40)
    .gradientMode(GraphGradientMode.None)
    .showPoints(VisibilityMode.Never)
    .lineInterpolation(panel.steps ? LineInterpolation.StepAfter : LineInterpolation.Linear)
    .stacking(new StackingConfigBuilder().mode(stackingMode(panel)).group('A'))
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (panel.max !== undefined) builder.max(panel.max);
  if (panel.decimals !== undefined) builder.decimals(panel.decimals);
  return builder;
}

function stackingMode({ stacking }: Panel): StackingMode {
  if (stacking === 'percent') return StackingMode.Percent;
  return stacking === 'normal' ? StackingMode.Normal : StackingMode.None;
}

/** The newest value, or the newest labels where the legend is the message. */
export function number(title: string, panel: Panel & { shows?: 'legend' }): PanelSource {
  const builder = new StatBuilder()
    .title(title)
    .description(panel.description)
    .datasource(prometheus)
    .unit(panel.unit)
    .span(WIDTH_OF_NUMBER)
    .height(HEIGHT_OF_NUMBER)
    .targets(targets(panel.queries))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .textMode(panel.shows === 'legend' ? BigValueTextMode.Name : BigValueTextMode.Value)
    .graphMode(panel.shows === 'legend' ? BigValueGraphMode.None : BigValueGraphMode.Area);
  if (panel.decimals !== undefined) builder.decimals(panel.decimals);
  return builder;
}

function targets(queries: Queries): Builder<Dataquery>[] {
  return Object.entries(queries).map(([legend, expr], index) =>
    new DataqueryBuilder()
      .refId(String.fromCharCode('A'.charCodeAt(0) + index))
      .datasource(prometheus)
      .legendFormat(legend)
      .expr(expr),
  );
}
