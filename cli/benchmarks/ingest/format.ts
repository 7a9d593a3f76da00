import { type IngestFigures, steadyRate } from './ingest.ts';
import type { LoadResult } from './load.ts';
import type { AtMost } from './measured.ts';

/** As people read it. What acknowledges from memory is named, because it promises less. */
export function formatIngest(figures: IngestFigures): string {
  const { steady, fastest, gatewayAlone, lokiDirect, promtail, collector, memory } = figures;
  return [
    line(`202 at a fixed ${steadyRate.toLocaleString('en')}/s, by 100`, steady),
    ...fastest.map((one) => line(`202 at the maximum, by ${one.batch}`, one, toLoki(one))),
    line('202, nothing taken out, by 1000', gatewayAlone),
    line('Loki pushed to directly, by 1000', lokiDirect),
    line('Promtail’s push endpoint, by 1000', promtail, `${toLoki(promtail)} (acknowledged from memory)`),
    ...('missing' in collector
      ? [`OpenTelemetry Collector: not measured, ${collector.missing}`]
      : [
          ...collector.fastest.map((one) =>
            line(`OpenTelemetry Collector, by ${one.batch}`, one, `${toLoki(one)} (synced)`),
          ),
          line('Collector, nothing taken out', collector.alone, ' (synced, by 1000)'),
        ]),
    ...ratios(figures),
    `most memory: ${Object.entries(memory)
      .map(
        ([name, bytes]) => `${name} ${bytes === undefined ? 'not known' : `${Math.round(bytes / 1e6)} MB`}`,
      )
      .join(', ')}`,
  ].join('\n');
}

function ratios({ fastest, gatewayAlone, shares, collector }: IngestFigures): readonly string[] {
  const [middle, ...texts] = [shares[Math.floor(shares.length / 2)], shares[0], shares.at(-1)].map(
    (share = 0) => share.toFixed(2),
  );
  const toDirect = `gateway to Loki is ${middle} of Loki directly (${texts.join(' to ')} in ${shares.length} measurements in turn)`;
  if ('missing' in collector) return [toDirect];
  const beside = (rate: (one: AtMost) => number): string =>
    fastest
      .flatMap((one, index) => {
        const other = collector.fastest[index];
        return other === undefined ? [] : [`${(rate(one) / rate(other)).toFixed(1)} by ${one.batch}`];
      })
      .join(', ');
  const alone = (gatewayAlone.eventsPerSecond / collector.alone.eventsPerSecond).toFixed(1);
  return [
    toDirect,
    `times as many as the Collector: ${beside(({ eventsPerSecond }) => eventsPerSecond)}; ${alone} where nothing is taken out; complete in Loki ${beside(({ toLokiPerSecond }) => toLokiPerSecond)}`,
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
