import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  GraphGradientMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  StackingConfigBuilder,
  StackingMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import type { ThresholdName } from '../../telemetry/contract/thresholds.ts';
import { thresholdValue } from '../../telemetry/query/query.ts';
import { type About, logsOfSeries, type PanelContext, prometheusRef } from './common.ts';

/** Thresholds of the contract, the milder first. */
export interface Limits {
  readonly warning?: ThresholdName;
  readonly critical?: ThresholdName;
  /** Too little is what alerts: space that is left, checks that succeed. */
  readonly below?: true;
}

/** The same everywhere: what went well, what comes again, what failed, what was given up. */
export const outcomeColors = {
  success: 'green',
  retry: 'yellow',
  failure: 'red',
  dead_letter: 'purple',
} as const;

const base: Threshold = { value: null, color: 'green' };

/** What colours a value: in the colour of the limit that it has passed. */
const steps = (limits: Limits, context: PanelContext): Threshold[] =>
  limits.below ? stepsDown(limits, context) : stepsUp(limits, context);

/** Each limit in its colour, which is also how a line of it is drawn. */
function stepsUp(limits: Limits, context: PanelContext): Threshold[] {
  const step = (name: ThresholdName | undefined, color: string): Threshold[] =>
    name ? [{ value: thresholdValue(name, context.thresholds), color }] : [];
  const colored = [...step(limits.warning, 'orange'), ...step(limits.critical, 'red')];
  return [base, ...colored.toSorted((left, right) => (left.value ?? 0) - (right.value ?? 0))];
}

/** Each step has the colour of what lies above it, up to the next. */
function stepsDown({ warning, critical }: Limits, context: PanelContext): Threshold[] {
  const at = (name: ThresholdName): number => thresholdValue(name, context.thresholds);
  return [
    { value: null, color: critical ? 'red' : 'orange' },
    ...(critical ? [{ value: at(critical), color: warning ? 'orange' : 'green' }] : []),
    ...(warning ? [{ value: at(warning), color: 'green' }] : []),
  ];
}

const absolute = (list: Threshold[]): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(list);

interface Series extends Pick<About, 'title' | 'description'> {
  readonly unit: string;
  readonly targets: readonly Builder<Dataquery>[];
}

/** Limits as dashed lines. */
export const dashed = (): GraphThresholdsStyleConfigBuilder =>
  new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed);

/** Lines over time, with the contract's thresholds as dashed lines. */
export function lines(
  about: Series & {
    readonly limits?: Limits;
    /** May be below nothing, or is read far from it: the axis does not begin at zero, and nothing is filled. */
    readonly negative?: boolean;
    /** The highest value there can be. */
    readonly most?: number;
  },
  context: PanelContext,
): timeseries.PanelBuilder {
  const panel = new timeseries.PanelBuilder()
    .title(about.title)
    .description(about.description)
    .datasource(prometheusRef)
    .targets([...about.targets])
    .unit(about.unit)
    .lineWidth(2)
    .fillOpacity(about.negative ? 0 : 8)
    .gradientMode(GraphGradientMode.Opacity)
    .showPoints(VisibilityMode.Never)
    .spanNulls(false)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic))
    .legend(new VizLegendOptionsBuilder().showLegend(true))
    .dataLinks([logsOfSeries]);
  if (!about.negative) panel.min(0);
  if (about.most !== undefined) panel.max(about.most);
  if (about.limits) {
    // The milder line stays in view, so that a calm panel looks calm.
    if (about.limits.warning && !about.limits.below)
      panel.axisSoftMax(1.1 * thresholdValue(about.limits.warning, context.thresholds));
    panel.thresholds(absolute(stepsUp(about.limits, context))).thresholdsStyle(dashed());
  }
  return panel;
}

/** Stacked bars over time, one colour a name. */
export function stackedBars(
  about: Series & { readonly colors: Readonly<Record<string, string>> },
  context: PanelContext,
): timeseries.PanelBuilder {
  const panel = lines(about, context)
    .drawStyle(GraphDrawStyle.Bars)
    .lineWidth(0)
    .fillOpacity(80)
    .gradientMode(GraphGradientMode.None)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  for (const [name, fixedColor] of Object.entries(about.colors))
    panel.overrideByName(name, [{ id: 'color', value: { mode: 'fixed', fixedColor } }]);
  return panel;
}

/** One big number with its course behind it. */
export function bigNumber(
  about: Series & { readonly limits?: Limits; readonly decimals?: number; readonly color?: string },
  context: PanelContext,
): stat.PanelBuilder {
  const panel = new stat.PanelBuilder()
    .title(about.title)
    .description(about.description)
    .datasource(prometheusRef)
    .targets([...about.targets])
    .unit(about.unit)
    .graphMode(BigValueGraphMode.Area)
    .colorMode(BigValueColorMode.Value)
    .textMode(BigValueTextMode.Auto)
    .noValue('no data');
  if (about.decimals !== undefined) panel.decimals(about.decimals);
  if (about.color)
    panel.colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(about.color));
  else
    panel
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
      .thresholds(absolute(about.limits ? steps(about.limits, context) : [base]));
  return panel;
}

/** Red below nothing: what may be overspent. */
export const overspent: ThresholdsConfigBuilder = absolute([
  { value: null, color: 'red' },
  { value: 0, color: 'green' },
]);

/** Red at nothing, and the colour from the first one on. */
export const someAre = (color: string): ThresholdsConfigBuilder =>
  absolute([
    { value: null, color: 'red' },
    { value: 1, color },
  ]);

/** Green at nothing, and the colour from the first one on. */
export const anyIs = (color: string): ThresholdsConfigBuilder => absolute([base, { value: 1, color }]);

/** Horizontal bars, one a series. */
export function bars(
  about: Series & { readonly limits?: Limits },
  context: PanelContext,
): bargauge.PanelBuilder {
  const panel = new bargauge.PanelBuilder()
    .title(about.title)
    .description(about.description)
    .datasource(prometheusRef)
    .targets([...about.targets])
    .unit(about.unit)
    .min(0)
    .displayMode(BarGaugeDisplayMode.Basic)
    .orientation(VizOrientation.Horizontal)
    .noValue('no data');
  return about.limits ? panel.thresholds(absolute(steps(about.limits, context))) : panel;
}
