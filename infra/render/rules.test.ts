import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { rulesByDomain } from '../../alerts/rules/index.ts';
import { everydaySlos } from '../../alerts/slo/index.ts';
import { savedQueryById } from '../../dashboards/queries/index.ts';
import { expressionOf, savedQueryUrl } from '../../dashboards/queries/saved-query.ts';
import { durationMs } from '../../telemetry/query/scale-time.ts';
import { recordingGroups } from './recordings.ts';
import { type RuleGroup, type RuleOptions, renderRules, ruleGroups } from './rules.ts';

const options: RuleOptions = {
  thresholds: {},
  timeScale: 1,
  cluster: 'c1',
  environment: 'local',
  baseUrls: {
    dashboards: 'http://127.0.0.1:3001',
    explore: 'http://127.0.0.1:3000',
    runbooks: 'http://127.0.0.1:3002/runbooks/{id}',
  },
};

const ruleOf = (name: string, severity: string, changes: Partial<RuleOptions> = {}) =>
  ruleGroups(rulesByDomain, { ...options, ...changes })
    .flatMap(({ rules }) => rules)
    .find(({ alert, labels }) => alert === name && labels.severity === severity);

describe('the rule file', () => {
  it('is YAML with what is recorded and then a group a domain, the same each time', () => {
    const { recordings } = everydaySlos;
    const text = renderRules(rulesByDomain, options, recordings);
    expect(renderRules(rulesByDomain, options, recordings)).toBe(text);
    const { groups } = parse(text) as { groups: RuleGroup[] };
    expect(groups.map(({ name }) => name)).toEqual([
      'sightline.recording.slo',
      'sightline.recording.slo-long',
      'sightline.services',
      'sightline.http',
      'sightline.events',
      'sightline.websocket',
      'sightline.work',
      'sightline.slo',
      'sightline.dapr',
      'sightline.kafka',
      'sightline.log-pipeline',
      'sightline.hosts',
      'sightline.kubernetes',
      'sightline.stack',
    ]);
    expect(groups).toEqual([...recordingGroups(recordings, options), ...ruleGroups(rulesByDomain, options)]);
  });

  it('takes an environment’s thresholds', () => {
    const changed = ruleOf('HighErrorRatio', 'warning', { thresholds: { error_ratio_warning: 0.33 } });
    expect(changed?.expr).toContain('> 0.33 and');
    expect(ruleOf('HighErrorRatio', 'warning')?.expr).toContain('> 0.02 and');
  });

  it('gives an alert the labels of the deployment that its series do not have', () => {
    expect(ruleOf('ServiceDown', 'critical')?.labels).toEqual({
      severity: 'critical',
      team: expect.stringContaining('if eq $labels.service "audit" }}compliance'),
      cluster: 'c1',
      environment: 'local',
    });
    expect(ruleOf('DeadLetters', 'warning')?.labels).toEqual({
      severity: 'warning',
      team: expect.stringContaining('{{ else }}platform{{ end }}'),
    });
  });

  it('divides windows and waiting times for a test, and leaves the rest', () => {
    const scaled = ruleOf('HighErrorRatio', 'warning', { timeScale: 10 });
    expect(scaled).toMatchObject({ for: '30s', expr: expect.stringContaining('[30s]') });
    expect(scaled?.expr).not.toContain('[5m]');
    expect(ruleOf('DeadLetters', 'warning', { timeScale: 10 })?.keep_firing_for).toBe('12s');
    const waits = ruleGroups(rulesByDomain, { ...options, timeScale: 60 }).flatMap(({ rules }) => rules);
    for (const rule of waits) if (rule.for) expect(durationMs(rule.for)).toBeGreaterThanOrEqual(1000);
  });

  it('divides the windows of what is recorded, and keeps its names', () => {
    const [slo, long] = recordingGroups(everydaySlos.recordings, { ...options, timeScale: 10 });
    expect(slo?.rules.find(({ record }) => record === 'slo:events:count1h')?.expr).toBe(
      'sum_over_time(slo:events:count5m[6m:6s]) / 5',
    );
    expect(slo).not.toHaveProperty('interval');
    expect(long?.interval).toBe('6s');
    expect(ruleOf('SyncEventLatencyBurnRate', 'critical', { timeScale: 10 })?.expr).toBe(
      ruleOf('SyncEventLatencyBurnRate', 'critical')?.expr,
    );
  });

  it('links to runbook, dashboard and logs, encoded around what Prometheus fills in', () => {
    const annotations = ruleOf('HighErrorRatio', 'warning')?.annotations;
    expect(annotations?.runbook_url).toBe('http://127.0.0.1:3002/runbooks/high-error-ratio');
    expect(annotations?.dashboard_url).toBe(
      'http://127.0.0.1:3001/d/service-overview?var-environment={{ $labels.environment | urlquery }}&var-cluster={{ $labels.cluster | urlquery }}&var-namespace={{ $labels.namespace | urlquery }}&var-service={{ $labels.service | urlquery }}&from=now-1h&to=now',
    );
    const filled = annotations?.logs_url?.replaceAll('{{ $labels.service | urlquery }}', 'sync') ?? '';
    const panes = JSON.parse(new URL(filled).searchParams.get('panes') ?? '');
    expect(panes.a1b.queries[0]).toMatchObject({
      datasource: { uid: 'loki' },
      expr: '{service="sync", level=~"WARNING|ERROR|CRITICAL"}',
    });
  });

  it('has a link to the saved query about it, with its own service, where one says so', () => {
    const url = ruleOf('HighErrorRatio', 'warning')?.annotations.saved_query_url ?? '';
    const filled = url.replaceAll('{{ $labels.service | urlquery }}', 'sync');
    expect(filled).not.toContain('{{');
    const panes = JSON.parse(new URL(filled).searchParams.get('panes') ?? '');
    const saved = savedQueryById('deploy-comparison');
    expect(panes.a1b.queries[0]).toMatchObject({ expr: expressionOf(saved, { service: 'sync' }) });
    expect(ruleOf('DeadLetters', 'warning')?.annotations.saved_query_url).toBe(
      `${options.baseUrls.explore}${savedQueryUrl(savedQueryById('dead-letters'))}`,
    );
    expect(ruleOf('HostCpuHigh', 'warning')?.annotations).not.toHaveProperty('saved_query_url');
  });

  it('has no link to logs where nothing serves Explore', () => {
    const { explore: _, ...baseUrls } = options.baseUrls;
    expect(ruleOf('DeadLetters', 'warning', { baseUrls })?.annotations).not.toHaveProperty('saved_query_url');
    expect(ruleOf('HighErrorRatio', 'warning', { baseUrls })?.annotations).not.toHaveProperty('logs_url');
  });
});
