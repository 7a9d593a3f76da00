import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subjectOf } from '../../alerts/log-scenarios/lines.ts';
import { panelsOf } from '../../dashboards/checks.ts';
import { buildDashboards } from '../../dashboards/index.ts';
import { record, text } from '../../dashboards/placed.ts';
import { withLoki } from '../../infra/check/logs/loki.ts';
import { environmentStack } from '../../infra/environment.ts';
import { toYaml } from '../../infra/render/yaml.ts';
import { elsewhere } from '../support/panels-elsewhere.ts';
import { recordedSeries } from '../support/recorded-series.ts';
import { toolPath } from '../support/tools.ts';

const run = promisify(execFile);

/** As Grafana asks with everything selected. */
const withEverything = (expr: string): string =>
  expr.replaceAll('$__rate_interval', '5m').replaceAll('$__range', '10m').replace(/\$\w+/g, '.*');

const declared = buildDashboards().flatMap(({ model }) =>
  panelsOf(model).flatMap(({ panel, where }) =>
    (panel.targets ?? [])
      .map((target) => ({
        where: `${where} ${text(target, 'refId')}`,
        expr: text(target, 'expr'),
        source: text(record(target).datasource ?? panel.datasource, 'type'),
      }))
      .filter(({ expr }) => elsewhere(expr) !== undefined),
  ),
);
const asked = declared.filter(({ source }) => source === 'prometheus');
const ofLines = declared.filter(({ source }) => source === 'loki');

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'panels-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const findsSomething = (expr: string): string => `count(${expr}) > bool 0`;

/** What promtool says against "each of these queries finds something". */
async function promtool(queries: readonly string[]): Promise<string> {
  const tests = {
    rule_files: [],
    evaluation_interval: '15s',
    tests: [
      {
        interval: '15s',
        input_series: recordedSeries,
        promql_expr_test: queries.map((expr) => ({
          expr: findsSomething(expr),
          eval_time: '15m',
          exp_samples: [{ labels: '{}', value: 1 }],
        })),
      },
    ],
  };
  const file = path.join(directory, 'panels.yml');
  await writeFile(file, toYaml(tests));
  return run(await toolPath('promtool'), ['test', 'rules', file], { timeout: 60_000 }).then(
    ({ stdout }) => stdout,
    (error: { readonly stdout: string; readonly stderr: string }) => error.stdout + error.stderr,
  );
}

/** As promtool prints a query that failed. */
const printed = (expr: string): string => JSON.stringify(findsSomething(expr));

/** A line of each stream that the local stack does not have. */
const recordedLines = [
  {
    stream: { ...subjectOf('sync'), container: 'daprd' },
    line: '{"level":"info","msg":"application discovered on port 8003"}',
  },
];

describe('panels about what the local stack does not run', () => {
  it('are many, of each of those dashboards', () => {
    const dashboards = new Set(asked.map(({ where }) => where.split(':')[0]));
    expect([...dashboards]).toEqual(expect.arrayContaining(['dapr', 'kafka', 'kubernetes', 'stack']));
    expect(asked.length).toBeGreaterThan(40);
  });

  it('find something on recorded series, each query of them', async () => {
    const said = await promtool(asked.map(({ expr }) => withEverything(expr)));
    const failed = asked.filter(({ expr }) => said.includes(printed(withEverything(expr))));
    expect(failed.map(({ where }) => where)).toEqual([]);
    expect(said).toContain('SUCCESS');
  });

  it('find the lines of streams that were recorded', async () => {
    const found = await withLoki(
      await toolPath('loki'),
      environmentStack('local'),
      new AbortController().signal,
      async (loki) => {
        const now = Date.now();
        await loki.push(
          'recorded',
          recordedLines.map(({ stream, line }) => ({
            stream,
            values: [[`${now - 60_000}000000`, line, {}] as const],
          })),
        );
        return Promise.all(
          ofLines.map(({ expr }) =>
            loki.lines('recorded', withEverything(expr), now / 1000 - 600, now / 1000),
          ),
        );
      },
    );
    expect(ofLines.length).toBeGreaterThan(0);
    expect(found.map((lines) => lines.length)).toEqual(ofLines.map(() => 1));
  });

  it('would be named if one did not', async () => {
    const none = 'kafka_brokers{topic="none"}';
    expect(await promtool([none])).toContain(printed(none));
  });
});
