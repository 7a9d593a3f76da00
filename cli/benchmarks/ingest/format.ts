import { type AtMost, type IngestFigures, steadyRate } from './ingest.ts';
import type { LoadResult } from './load.ts';

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
      : collector.map((one) =>
          line(`OpenTelemetry Collector, by ${one.batch}`, one, `${toLoki(one)} (synced)`),
        )),
    ...ratios(figures),
    `most memory: ${Object.entries(memory)
      .map(
        ([name, bytes]) => `${name} ${bytes === undefined ? 'not known' : `${Math.round(bytes / 1e6)} MB`}`,
      )
      .join(', ')}`,
  ].join('\n');
}

function ratios({ fastest, shares, collector }: IngestFigures): readonly string[] {
  const [middle, ...texts] = [shares[Math.floor(shares.length / 2)], shares[0], shares.at(-1)].map(
    (share = 0) => share.toFixed(2),
  );
  const toDirect = `gateway to Loki is ${middle} of Loki directly (${texts.join(' to ')} in ${shares.length} measurements in turn)`;
  if ('missing' in collector) return [toDirect];
  const synced = fastest.map(({ batch, eventsPerSecond }, index) => {
    const other = collector[index];
    return other === undefined ? '' : `${(eventsPerSecond / other.eventsPerSecond).toFixed(1)} by ${batch}`;
  });
  return [toDirect, `durable events a second beside the Collector: ${synced.join(', ')} times as many`];
}

const events = (value: number): string => Math.round(value).toLocaleString('en').padStart(9);
const ms = (value: number): string => `${value.toFixed(1)} ms`;
const toLoki = ({ toLokiPerSecond }: AtMost): string =>
  `; complete in Loki ${events(toLokiPerSecond).trim()} events/s`;

function line(what: string, result: LoadResult, more = ''): string {
  const refused = result.refused > 0 ? `, ${result.refused} refused` : '';
  return `${what.padEnd(34)}${events(result.eventsPerSecond)} events/s   p50 ${ms(result.p50)}, p99 ${ms(result.p99)}${refused}${more}`;
}
