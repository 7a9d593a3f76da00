import { describe, expect, it } from 'vitest';
import { metrics } from '../../../telemetry/contract/metrics.ts';
import { buildDashboards } from '../../index.ts';
import { answerOf, type Labels, toFrames, toLines } from '../page/frames.ts';
import { loadPanel } from '../page/load.ts';
import type { DashboardModel } from '../page/model.ts';
import { chosenFrom, resolveVariables, valuesOf } from '../page/variable-values.ts';
import { askRecorded } from './ask.ts';
import { recordedSeries } from './metric-series.ts';
import { recordedAt } from './recorded-at.ts';

const at = recordedAt / 1000;
const range = { from: recordedAt - 3_600_000, to: recordedAt };

/** Value by labels of an instant query. */
async function ask(query: string, time = at): Promise<Readonly<Record<string, number | null>>> {
  const answer = answerOf(await askRecorded('prometheus', '/api/v1/query', { query, time: String(time) }));
  if (!answer) throw new Error('no answer');
  const nameOf = ({ service, le, slo }: Labels): string => [service, le, slo].join('') || 'value';
  const frames = toFrames(answer, { refId: 'A' }, 15);
  return Object.fromEntries(frames.map(({ labels, points }) => [nameOf(labels), points[0]?.[1] ?? null]));
}

const askLoki = async (query: string, more: Readonly<Record<string, string>> = {}) =>
  answerOf(
    await askRecorded('loki', '/loki/api/v1/query_range', {
      ...{ query, start: `${range.from}000000`, end: `${range.to}000000`, step: '60s', limit: '500' },
      ...more,
    }),
  );

describe('the recorded set', () => {
  it.each(buildDashboards().map(({ uid, json }) => [uid, JSON.parse(json) as DashboardModel] as const))(
    'answers every query of %s',
    async (_, model) => {
      const resolved = await resolveVariables(
        model,
        chosenFrom(model, new URLSearchParams()),
        range,
        askRecorded,
      );
      for (const variable of resolved)
        if (variable.model.type === 'query') expect(variable.options, variable.model.name).not.toEqual([]);
      const situation = { values: valuesOf(resolved), range, width: 460 };
      const panels = model.panels.flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));
      const asked = panels.filter(({ type }) => type !== 'text');
      const empty: string[] = [];
      for (const panel of asked) {
        const { frames, lines } = await loadPanel(panel, situation, askRecorded);
        if (frames.length + lines.length === 0) empty.push(panel.title ?? '');
      }
      // What is only there when something is wrong.
      expect(empty.length).toBeLessThanOrEqual(asked.length / 6);
    },
    120_000,
  );

  it('knows every metric of the contract, with its labels', () => {
    for (const [name, { type, labels }] of Object.entries(metrics)) {
      const [series] = recordedSeries(type === 'histogram' ? `${name}_count` : name);
      expect(Object.keys(series?.labels ?? {}), name).toEqual(expect.arrayContaining([...labels]));
    }
  });

  it('computes what PromQL says', async () => {
    expect(await ask('sum(up{service="sync"}) + 2 * 3')).toEqual({ value: 7 });
    const checks = recordedSeries('health_check_status').filter(({ labels }) => labels.service === 'sync');
    expect(await ask('count by (service) (health_check_status{service=~"sync|none"})')).toEqual({
      sync: checks.length,
    });
    expect(await ask('up{service="none"} or vector(4)')).toEqual({ value: 4 });
    expect(await ask('count(up{service=~"sync|audit"} unless up{service="sync"})')).toEqual({ value: 1 });
    expect(await ask('up{service="sync"} == bool 0')).toEqual({ sync: 0 });
    expect(await ask('up{service="sync"} == 0')).toEqual({});
    expect(await ask('topk(1, up{service="sync"} * 5 or up{service="audit"} * 9)')).toEqual({ audit: 9 });
    expect(await ask('absent(up{service="none"})')).toEqual({ value: 1 });
    expect(await ask('clamp_max(-up{service="sync"}, -3)')).toEqual({ sync: -3 });
    expect(await ask('sum without (service) (up{service="sync"})')).toEqual({ value: 1 });
    expect(await ask('max_over_time(up{service="sync"}[5m])')).toEqual({ sync: 1 });
    const budget = await ask('(1 - slo:objective:ratio{slo="sync-availability"})');
    expect(budget['sync-availability']).toBeCloseTo(0.001, 9);
    const joined = await ask(
      'slo:events:count1h{slo="sync-availability"} * 0 + on (slo) group_left () slo:objective:ratio',
    );
    expect(joined).toEqual({ 'syncsync-availability': 0.999 });
  });

  it('has buckets that grow, and a quantile between their bounds', async () => {
    const rates =
      'rate(http_server_request_duration_seconds_bucket{service="sync",http_route="/events/:topic"}[5m])';
    const values = Object.values(await ask(`sum by (le) (${rates})`)).map(Number);
    expect(values.toSorted((left, right) => left - right)).not.toEqual([0]);
    const p95 = Number((await ask(`histogram_quantile(0.95, sum by (le) (${rates}))`)).value);
    const p50 = Number((await ask(`histogram_quantile(0.5, sum by (le) (${rates}))`)).value);
    expect(p50).toBeGreaterThan(0);
    expect(p95).toBeGreaterThan(p50);
    expect(p95).toBeLessThan(10);
  });

  it('has an incident, and a calm hour around it', async () => {
    const ratio =
      'sum(rate(http_server_request_duration_seconds_count{http_response_status_code="500",service="backend-api"}[1m])) / sum(rate(http_server_request_duration_seconds_count{service="backend-api"}[1m]))';
    const during = Math.floor(at / 3600) * 3600 + 1800;
    expect((await ask(ratio, during)).value).toBeGreaterThan(0.1);
    expect((await ask(ratio)).value).toBeLessThan(0.01);
  });

  it('has lines that LogQL selects, the same wherever the range begins', async () => {
    const errors = await askLoki(
      '{service="backend-api", level="ERROR"} |= "status 500" | json | error_type="SqliteError"',
    );
    const lines = errors ? toLines(errors) : [];
    expect(lines.length).toBeGreaterThan(10);
    for (const { line } of lines)
      expect(JSON.parse(line)).toMatchObject({ level: 'ERROR', error_type: 'SqliteError' });
    const later = await askLoki('{service="backend-api", level="ERROR"} |~ `(?i)STATUS 500`', {
      start: `${range.from + 1_234_567}000000`,
    });
    const begins = `${range.from + 1_234_567}000000`;
    const expected = lines.filter(({ nanoseconds }) => nanoseconds.slice(0, 13) >= begins.slice(0, 13));
    expect((later ? toLines(later) : []).map(({ line }) => line)).toEqual(expected.map(({ line }) => line));
    expect(await askLoki('{service="sync"} != "answered" !~ "dapr"')).toMatchObject({ result: [] });
  });

  it('counts in a metric query the lines that it has', async () => {
    const counted = await askLoki('sum(count_over_time({service="backend-api"} [1m]))');
    const total = (counted ? toFrames(counted, { refId: 'A' }, 60) : [])
      .flatMap(({ points }) => points)
      // The first minute begins before the range.
      .filter(([time]) => time > range.from)
      .reduce((sum, [, value]) => sum + (value ?? 0), 0);
    const lines = await askLoki('{service="backend-api"}', { limit: '5000' });
    expect(total).toBe(lines ? toLines(lines).length : 0);
  });

  it('finds nothing where nothing is declared, and says what it cannot compute', async () => {
    expect(await ask('no_such_metric')).toEqual({});
    await expect(ask('holt_winters(up[5m], 0.5, 0.5)')).rejects.toThrow('SL1619');
    await expect(ask('sum(')).rejects.toThrow('SL1619');
  });
});
