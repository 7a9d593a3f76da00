import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Ask } from '../../dashboards/preview/page/load.ts';
import type { Range } from '../../dashboards/preview/page/time.ts';
import { recordedSeries } from '../../dashboards/preview/recorded/metric-series.ts';
import { sampleAt, scrape } from '../../dashboards/preview/recorded/samples.ts';
import type { RecordedSeries } from '../../dashboards/preview/recorded/series.ts';
import { freePort, type Running, startProcess } from '../preview/stores.ts';
import { toolPath } from './tools.ts';

const run = promisify(execFile);

function* samplesOf(series: RecordedSeries, { from, to }: Range): Generator<readonly [number, number]> {
  for (let second = from / 1000; second <= to / 1000; second += scrape) {
    const value = sampleAt(series, second);
    if (!Number.isNaN(value)) yield [second, value];
  }
}

const labelText = (labels: RecordedSeries['labels']): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',');

/** What the recorded set holds of these metrics, one sample every 15 seconds, as OpenMetrics. */
const openMetrics = (names: Iterable<string>, range: Range): string =>
  [
    ...[...names].flatMap((name) =>
      recordedSeries(name).flatMap((series) => {
        const start = `${name}{${labelText(series.labels)}}`;
        return [...samplesOf(series, range)].map(([second, value]) => `${start} ${value} ${second}\n`);
      }),
    ),
    '# EOF\n',
  ].join('');

/** A real Prometheus that remembers the recorded series of these metrics, and how it is asked. */
export async function startRecordedPrometheus(
  names: Iterable<string>,
  range: Range,
  directory: string,
): Promise<Running & { readonly ask: Ask }> {
  const [prometheus, promtool] = [await toolPath('prometheus'), await toolPath('promtool')];
  const data = join(directory, 'data');
  await mkdir(data, { recursive: true });
  const [text, config] = [join(directory, 'recorded.om'), join(directory, 'prometheus.yml')];
  await writeFile(text, openMetrics(names, range));
  await writeFile(config, 'scrape_configs: []\n');
  await run(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', text, data], {
    maxBuffer: 10_000_000,
  });
  const url = `http://127.0.0.1:${await freePort()}`;
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${data}`,
    '--storage.tsdb.retention.time=100y',
    `--web.listen-address=${new URL(url).host}`,
    // What ended, ended: nobody scraped a mark of it into these series.
    `--query.lookback-delta=${scrape - 1}s`,
  ];
  const running = await startProcess(prometheus, args, url, '/-/ready');
  const ask: Ask = async (_source, path, parameters) => {
    const answer = await fetch(`${url}${path}?${new URLSearchParams(parameters)}`, {
      signal: AbortSignal.timeout(60_000),
    });
    if (!answer.ok) throw new Error(`${parameters.query}: ${await answer.text()}`);
    return answer.json();
  };
  return { ...running, ask };
}
