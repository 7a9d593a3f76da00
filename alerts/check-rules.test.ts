import { describe, expect, it } from 'vitest';
import { promql, threshold } from '../telemetry/query/query.ts';
import { checkRules } from './check-rules.ts';
import type { AlertRule } from './rule.ts';
import { metricRules, rulesByDomain } from './rules/index.ts';
import { missingSections, readRunbooks } from './runbooks.ts';

const page = ['Meaning', 'Impact', 'Diagnosis', 'Mitigation'].map((name) => `## ${name}\n\ntext`).join('\n');
const runbooks = new Map([['sample', page]]);

const sound = {
  name: 'Sample',
  severity: 'warning',
  expr: promql`max by (service) (event_consumer_lag) > ${threshold('event_lag_warning')}`,
  for: { duration: '2m', because: 'a burst' },
  by: ['service'],
  summary: '{{ $labels.service }} lags',
  description: '{{ $value }} events wait for {{ $labels.service }}',
  runbook: 'sample',
  dashboard: { uid: 'service-overview', variables: ['service', 'environment'] },
} as const satisfies AlertRule;

const earned = { as: 'data loss', because: 'it is lost' } as const;

const codes = (...rules: readonly AlertRule[]) => checkRules(rules, runbooks).map(({ code }) => code);
const complaints = (...rules: readonly AlertRule[]) =>
  checkRules(rules, runbooks)
    .map(({ where, what }) => `${where}: ${what}`)
    .join('\n');

describe('our own rules', () => {
  it('have nothing to complain about, runbooks included', async () => {
    expect(checkRules(metricRules, await readRunbooks())).toEqual([]);
  });
  it('name the service they are about, unless it would be an exporter', () => {
    const { hosts, kubernetes, kafka, ...ours } = rulesByDomain;
    const naming = (rules: readonly AlertRule[]) => rules.filter(({ by }) => by.includes('service'));
    const about = Object.values(ours).flat();
    expect(about.filter((rule) => !naming(about).includes(rule)).map(({ name }) => name)).toEqual([
      'Watchdog',
    ]);
    expect(naming([...hosts, ...kubernetes, ...kafka])).toEqual([]);
  });
});

describe('the checks of rules', () => {
  it('accept a sound rule', () => {
    expect(checkRules([sound], runbooks)).toEqual([]);
  });

  it.each<[string, Partial<Omit<AlertRule, 'severity' | 'earned'>>, string, string]>([
    ['a syntax error', { expr: promql`max by (service (up)` }, 'SL1501', 'syntax error'],
    ['an unknown series', { expr: promql`max by (service) (nothing)` }, 'SL1501', 'nothing'],
    ['a bare number', { expr: promql`max by (service) (event_consumer_lag) > 50` }, 'SL1502', '50'],
    ['a hidden one', { expr: promql`max by (service) (event_consumer_lag) > -(2 * 25)` }, 'SL1502', '25'],
    ['a label in a text that is gone', { summary: '{{ $labels.topic }} lags' }, 'SL1503', 'topic'],
    [
      'a label too few in `by`',
      { expr: promql`max by (service, topic) (event_consumer_lag) > 0` },
      'SL1503',
      'topic',
    ],
    ['a label too many in `by`', { by: ['service', 'topic'] }, 'SL1503', 'does not keep the label topic'],
    ['a runbook that does not exist', { runbook: 'nowhere' }, 'SL1505', 'runbook'],
    [
      'a variable without its label',
      { dashboard: { uid: 'service-overview', variables: ['instance'] } },
      'SL1506',
      'instance',
    ],
    ['a reason left out', { for: { duration: '2m', because: ' ' } }, 'SL1508', 'reason'],
    [
      'a window of fewer than four scrapes',
      { expr: promql`max by (service) (rate(events_processed_total[45s])) > 0` },
      'SL1508',
      '45s',
    ],
  ])('refuse %s', (_, change, code, words) => {
    const broken = { ...sound, ...change };
    expect(codes(broken)).toContain(code);
    expect(complaints(broken)).toContain(words);
  });

  it('refuse the numbers 0 and 1 nowhere, and numbers outside comparisons', () => {
    const expr = promql`histogram_quantile(0.95, sum by (service, le) (rate(event_latency_seconds_bucket[5m]))) * 60 > ${threshold('event_lag_warning')} or max by (service) (up) < 1`;
    expect(checkRules([{ ...sound, expr }], runbooks)).toEqual([]);
  });

  it('refuse two rules of one name and severity', () => {
    expect(codes(sound, sound)).toContain('SL1504');
  });

  it('refuse tiers that differ in labels or runbook, or in nothing', () => {
    const critical: AlertRule = {
      ...sound,
      severity: 'critical',
      earned,
      expr: promql`max by (service, topic) (event_consumer_lag) > 0`,
      by: ['service', 'topic'],
    };
    expect(complaints(sound, critical)).toContain('its tiers keep different labels');
    expect(complaints(sound, { ...sound, severity: 'critical', earned })).toContain(
      'have the same expression',
    );
    expect(complaints(sound, { ...sound, severity: 'none' })).toContain('mix `none`');
  });

  it('refuse a runbook that no rule uses, and one with an empty section', () => {
    const stray = checkRules([sound], new Map([...runbooks, ['stray', page]]));
    expect(stray).toMatchObject([{ code: 'SL1505', where: 'docs/runbooks/stray.md' }]);
    expect(missingSections('## Meaning\n\nx\n## Impact\n\n## Diagnosis\ny')).toEqual([
      'Impact',
      'Mitigation',
    ]);
  });
});
