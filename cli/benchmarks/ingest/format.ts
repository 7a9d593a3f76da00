import { quantile } from '../quantile.ts';
import { steadyRate } from './ingest.ts';
import type { LoadResult } from './load.ts';
import { type AtMost, type IngestFigures, middleOf, type Round, shareOf } from './measured.ts';

/** As people read it. What acknowledges from memory is named, because it promises less. */
export function formatIngest(figures: IngestFigures): string {
  const { steady, json, otlp, collector, alone, promtail, rounds, memory } = figures;
  const middle = middleOf(rounds);
  return [
    line(`202 at a fixed ${steadyRate.toLocaleString('en')}/s, by 100`, steady),
    ...json.map((one) => line(`JSON at the maximum, by ${one.batch}`, one, toLoki(one))),
    ...otlp.map((one) => line(`OTLP at the maximum, by ${one.batch}`, one, toLoki(one))),
    line('JSON, nothing taken out, by 1000', alone.gateway),
    ...(middle === undefined ? [] : [line('Loki pushed to directly, by 1000', middle.direct)]),
    line('Promtail’s push endpoint, by 1000', promtail, `${toLoki(promtail)} (acknowledged from memory)`),
    ...('missing' in collector
      ? [`OpenTelemetry Collector: not measured, ${collector.missing}`]
      : collector.map((one) =>
          line(`OpenTelemetry Collector, by ${one.batch}`, one, `${toLoki(one)} (synced)`),
        )),
    ...(alone.collector === undefined
      ? []
      : [line('Collector, nothing taken out', alone.collector, ' (synced, by 1000)')]),
    `gateway to Loki is ${spread(rounds, shareOf)} of Loki directly`,
    ...('missing' in collector ? [] : besideCollector(figures, collector)),
    `most memory: ${Object.entries(memory)
      .map(
        ([name, bytes]) => `${name} ${bytes === undefined ? 'not known' : `${Math.round(bytes / 1e6)} MB`}`,
      )
      .join(', ')}`,
  ].join('\n');
}

/** The middle of what the rounds say, and their extremes. */
function spread(rounds: readonly Round[], of: (round: Round) => number): string {
  const all = rounds.map(of);
  const [middle, least, most] = [quantile(all, 0.5), Math.min(...all), Math.max(...all)].map((value) =>
    value.toFixed(2),
  );
  return `${middle} (${least} to ${most} in ${all.length} rounds in turn)`;
}

function besideCollector(figures: IngestFigures, collector: readonly AtMost[]): readonly string[] {
  const { json, otlp, alone, rounds } = figures;
  const times = (ours: readonly AtMost[], rate: (one: AtMost) => number): string =>
    ours
      .flatMap((one) => {
        const other = collector.find(({ batch }) => batch === one.batch);
        return other === undefined ? [] : [`${(rate(one) / rate(other)).toFixed(1)} by ${one.batch}`];
      })
      .join(', ');
  const accepted = (one: LoadResult): number => one.eventsPerSecond;
  const complete = (one: AtMost): number => one.toLokiPerSecond;
  const byRound = (rate: (one: AtMost) => number): string =>
    spread(rounds, ({ ours, collector: other }) => (other === undefined ? 0 : rate(ours) / rate(other)));
  const nothingTaken = accepted(alone.gateway) / (alone.collector?.eventsPerSecond ?? 0);
  return [
    `JSON, times as many as the Collector: ${times(json, accepted)}; complete in Loki ${times(json, complete)}; ${nothingTaken.toFixed(1)} where nothing is taken out`,
    `by 1000 ${byRound(accepted)}, complete in Loki ${byRound(complete)}`,
    `OTLP, times as many as the Collector: ${times(otlp, accepted)}; complete in Loki ${times(otlp, complete)}`,
  ];
}

const events = (value: number): string => Math.round(value).toLocaleString('en').padStart(9);
const ms = (value: number): string => `${value.toFixed(1)} ms`;
const toLoki = ({ toLokiPerSecond }: AtMost): string =>
  `; complete in Loki ${events(toLokiPerSecond).trim()} events/s`;

function line(what: string, result: LoadResult, more = ''): string {
  const refused = result.refused > 0 ? `, ${result.refused} refused` : '';
  return `${what.padEnd(34)}${events(result.eventsPerSecond)} events/s   p50 ${ms(result.p50)}, p99 ${ms(result.p99)}${refused}${more}`;
}
