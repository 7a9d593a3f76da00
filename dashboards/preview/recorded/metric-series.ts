import { alertSeries } from './alert-series.ts';
import { growth, shareUpTo } from './counters.ts';
import { gaugeLevel, type Moment } from './gauges.ts';
import { labelSets } from './label-values.ts';
import { chance, course, troubleAt } from './noise.ts';
import { keyOf, type Labels, type RecordedSeries } from './series.ts';
import { sloSeries } from './slo-series.ts';
import { exposedAs } from './targets.ts';

const known = new Map<string, readonly RecordedSeries[]>();

/**
 * Every series of a name, made up from what the contract and the catalogue declare of it. A series' course hangs on its
 * own name and labels alone, so that none changes when another is added. None for a name that is not declared.
 */
export function recordedSeries(name: string): readonly RecordedSeries[] {
  const before = known.get(name);
  if (before) return before;
  const made = make(name);
  known.set(name, made);
  return made;
}

function make(name: string): readonly RecordedSeries[] {
  if (name === 'ALERTS') return alertSeries();
  const metric = exposedAs(name);
  if (!metric) return partOfHistogram(name) ?? sloSeries(name);
  const isCounter = metric.type === 'counter';
  return metric.targets.flatMap((target) =>
    labelSets(name, metric.labels, target).map((labels) => {
      const value = isCounter ? growth(name, labels) : gaugeLevel(name);
      const moment = momentsOf(name, labels);
      return { labels, counter: isCounter, at: (second) => value(moment(second)) };
    }),
  );
}

/** The moments of one label set, which the buckets of a histogram share. */
function momentsOf(name: string, labels: Labels): (second: number) => Moment {
  const seed = chance(`${name} ${keyOf(labels)}`);
  const before = new Map<number, Moment>();
  return (second) => {
    const remembered = before.get(second);
    if (remembered) return remembered;
    const trouble = troubleAt(second, labels.service);
    const moment = { labels, second, noise: course(seed, second), trouble };
    before.set(second, moment);
    return moment;
  };
}

/** Milliseconds, as Dapr counts: the catalogue declares no bounds. */
const otherBounds = [1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000];
const otherSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Prometheus writes whole bounds with a point. */
const boundText = (bound: number): string =>
  Number.isFinite(bound) ? (Number.isInteger(bound) ? `${bound}.0` : String(bound)) : '+Inf';

function partOfHistogram(name: string): readonly RecordedSeries[] | undefined {
  const [, family = '', part = ''] = /^(.+)_(bucket|count|sum)$/.exec(name) ?? [];
  const metric = exposedAs(family);
  if (metric?.type !== 'histogram') return undefined;
  const bounds = metric.buckets ?? (family.endsWith('_seconds') ? otherSeconds : otherBounds);
  return metric.targets
    .flatMap((target) => labelSets(family, metric.labels, target))
    .flatMap((labels): RecordedSeries[] => {
      const grows = growth(family, labels);
      const moment = momentsOf(family, labels);
      const series = (more: Labels, share: (at: Moment) => number): RecordedSeries => ({
        labels: { ...labels, ...more },
        counter: true,
        at: (second) => grows(moment(second)) * share(moment(second)),
      });
      if (part === 'count') return [series({}, () => 1)];
      if (part === 'sum') return [series({}, ({ noise }) => (bounds[3] ?? 1) * (0.8 + noise))];
      return [...bounds, Number.POSITIVE_INFINITY].map((bound) =>
        series({ le: boundText(bound) }, shareUpTo(bound, family, labels, bounds)),
      );
    });
}
