import type { Ask } from '../../dashboards/preview/page/load.ts';
import type { Range } from '../../dashboards/preview/page/time.ts';
import { recordedLines } from '../../dashboards/preview/recorded/log-lines.ts';
import { platformTenant } from '../../telemetry/contract/services.ts';
import { type Running, startLoki } from '../preview/stores.ts';
import { toolPath } from './tools.ts';
import { waitFor } from './wait.ts';

/** What Promtail makes structured metadata of; the other labels are the stream's. */
const metadataNames = ['logger', 'request_id', 'trace_id'];

/** The recorded lines as Loki's push API takes them. */
function push({ from, to }: Range) {
  const entries = recordedLines(from / 1000, to / 1000).map(({ time, labels, line }) => {
    const [metadata, stream] = [true, false].map((wanted) =>
      Object.fromEntries(Object.entries(labels).filter(([name]) => metadataNames.includes(name) === wanted)),
    );
    return { stream, value: [`${time}000000`, line, metadata] };
  });
  const streams = Map.groupBy(entries, ({ stream }) => JSON.stringify(stream));
  return {
    streams: [...streams.values()].map((own) => ({
      stream: own[0]?.stream,
      values: own.map(({ value }) => value),
    })),
  };
}

/** Of last January, which Loki would refuse. */
const ofOldLines = `
limits_config: { reject_old_samples: false, discover_log_levels: false, discover_service_name: [] }
`;

/** A real Loki that remembers the recorded lines, and how it is asked. */
export async function startRecordedLoki(
  range: Range,
  directory: string,
): Promise<Running & { readonly ask: Ask }> {
  const running = await startLoki(await toolPath('loki'), directory, push(range), ofOldLines);
  const ask: Ask = async (_source, path, parameters) => {
    const answer = await fetch(`${running.url}${path}?${new URLSearchParams(parameters)}`, {
      headers: { 'x-scope-orgid': platformTenant },
      signal: AbortSignal.timeout(60_000),
    });
    if (!answer.ok) throw new Error(`${parameters.query}: ${await answer.text()}`);
    return answer.json();
  };
  // Lines of so long ago are looked for on the disk alone.
  await fetch(`${running.url}/flush`, { method: 'POST', signal: AbortSignal.timeout(60_000) });
  const [start, end] = [range.from, range.to].map((ms) => `${ms}000000`);
  await waitFor('the lines to be on the disk', async () => {
    const body = await ask('loki', '/loki/api/v1/series', { start: start ?? '', end: end ?? '' });
    return (body as { data: unknown[] }).data.length > 0 || undefined;
  });
  return { ...running, ask };
}
