import { describe, expect, it } from 'vitest';
import { promql, renderQuery, threshold } from '../telemetry/query/query.ts';
import {
  type AlertOverrides,
  expiredOverrides,
  overridden,
  overrideComplaints,
  turnedOff,
} from './overrides.ts';
import { type AlertRule, ruleId } from './rule.ts';
import { allRules } from './rules/index.ts';

const today = '2026-11-21';
const expressions = (overrides: AlertOverrides, thresholds = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(
    overridden(allRules, { thresholds, overrides }, today).map((rule) => [
      ruleId(rule),
      renderQuery(rule.expr),
    ]),
  );
const complaints = (overrides: AlertOverrides, thresholds = {}): readonly string[] =>
  overrideComplaints(allRules, { thresholds, overrides }, today).map(
    ({ path, text }) => `${path.join('.')}: ${text}`,
  );
const off = (until: string) => ({ 'HostCpuHigh-warning': { off: { reason: 'no agents here', until } } });

const sample = {
  name: 'Sample',
  severity: 'warning',
  expr: promql`max by (service) (event_consumer_lag) > ${threshold('event_lag_warning')}`,
  by: ['service'],
  summary: '',
  description: '',
  runbook: 'sample',
  dashboard: { uid: 'home', variables: [] },
} as const satisfies AlertRule;

describe('overrides of alert rules', () => {
  it('move a threshold that rules share for the one rule alone', () => {
    const moved = expressions({ 'HighErrorRatio-warning': { thresholds: { minimum_request_rate: 0.5 } } });
    const own = expressions({});
    expect(moved['HighErrorRatio-warning']).toMatch(/> 0\.02 and .* > 0\.5$/);
    expect({ ...moved, 'HighErrorRatio-warning': '' }).toEqual({ ...own, 'HighErrorRatio-warning': '' });
  });

  it('win over the thresholds of the environment, which every other rule has', () => {
    const moved = expressions(
      { 'HighLatency-warning': { thresholds: { minimum_request_rate: 0.5 } } },
      { minimum_request_rate: 0.3 },
    );
    expect(moved['HighLatency-warning']).toMatch(/> 0\.5$/);
    expect(moved['HighErrorRatio-warning']).toMatch(/> 0\.3$/);
  });

  it('change how long a condition must hold, and how long the alert stays', () => {
    const rules = overridden(
      allRules,
      { thresholds: {}, overrides: { 'HostDiskFilling-critical': { for: '7m', keepFiringFor: '1h' } } },
      today,
    );
    const find = (id: string) => rules.find((rule) => ruleId(rule) === id);
    expect(find('HostDiskFilling-critical')).toMatchObject({
      for: { duration: '7m' },
      keepFiringFor: { duration: '1h' },
    });
    expect(find('HostDiskFilling-warning')?.for?.duration).toBe('10m');
    expect(rules).toHaveLength(allRules.length);
  });

  it('leave a rule out to the end of its last day, and not a day longer', () => {
    const values = (until: string) => ({ thresholds: {}, overrides: off(until) });
    const ids = (until: string) => overridden(allRules, values(until), today).map(ruleId);
    expect(ids('2026-11-21')).not.toContain('HostCpuHigh-warning');
    expect(ids('2026-11-21')).toHaveLength(allRules.length - 1);
    expect(ids('2026-11-20')).toContain('HostCpuHigh-warning');
    expect(turnedOff(allRules, values('2026-11-21').overrides, today).map(ruleId)).toEqual([
      'HostCpuHigh-warning',
    ]);
    expect(turnedOff(allRules, values('2026-11-20').overrides, today)).toEqual([]);
    expect(expiredOverrides(off('2026-11-20'), today)).toEqual([
      { id: 'HostCpuHigh-warning', until: '2026-11-20', reason: 'no agents here' },
    ]);
    expect(expiredOverrides(off('2026-11-21'), today)).toEqual([]);
  });
});

describe('an override is refused', () => {
  it.each<[string, AlertOverrides, string]>([
    [
      'of an alert that does not exist, with the nearest that do',
      { 'HighErrorRate-warning': { for: '5m' } },
      'alerts.overrides.HighErrorRate-warning: there is no such alert; nearest: HighErrorRatio-warning',
    ],
    ['of a family instead of a tier', { HostCpuHigh: { for: '5m' } }, 'nearest: HostCpuHigh-warning'],
    [
      'of an alert like no other',
      { x: { for: '5m' } },
      'alerts.overrides.x: there is no such alert; docs/reference/alerts.md lists them',
    ],
    [
      'of a threshold that the rule does not compare with',
      { 'HostCpuHigh-warning': { thresholds: { host_memory_warning: 0.9 } } },
      'alerts.overrides.HostCpuHigh-warning.thresholds.host_memory_warning: the rule does not compare with it, but with host_cpu_warning',
    ],
    [
      'of a threshold, where the rule has none',
      { 'HostOomKills-warning': { thresholds: { host_cpu_warning: 0.9 } } },
      'host_cpu_warning: the rule compares with no threshold',
    ],
    [
      'that has an alert off for longer than a year',
      off('2027-11-22'),
      'alerts.overrides.HostCpuHigh-warning.off.until: given "2027-11-22"; allowed: a date up to 2027-11-21',
    ],
    [
      'that has the proof of delivery off',
      { 'Watchdog-none': { off: { reason: 'noise', until: '2026-12-01' } } },
      'alerts.overrides.Watchdog-none.off: allowed: nothing; it shows that alerts are delivered at all',
    ],
    [
      'with which the warning would come after the critical alert',
      { 'HostDiskFilling-warning': { thresholds: { disk_space_warning: 0.04 } } },
      'alerts.overrides.HostDiskFilling-warning.thresholds.disk_space_warning: HostDiskFilling-warning would fire below 0.04, after HostDiskFilling-critical, which fires below 0.05',
    ],
    [
      'with which the critical alert would come first',
      { 'HostDiskFilling-critical': { thresholds: { disk_space_critical: 0.2 } } },
      'HostDiskFilling-warning would fire below 0.15, after HostDiskFilling-critical, which fires below 0.2',
    ],
  ])('%s', (_, overrides, said) => {
    expect(complaints(overrides).join('\n')).toContain(said);
    expect(complaints(overrides)).toHaveLength(1);
  });

  it('when thresholds of the environment let tiers cross, at that key', () => {
    expect(complaints({}, { disk_space_warning: 0.04 })).toEqual([
      'thresholds.disk_space_warning: HostDiskFilling-warning would fire below 0.04, after HostDiskFilling-critical, which fires below 0.05',
    ]);
  });

  it('when tiers cross where large values are the bad ones', () => {
    const used = promql`max by (service) (event_consumer_lag)`;
    const tiers: readonly AlertRule[] = [
      { ...sample, expr: promql`${used} > ${threshold('volume_space_critical')}` },
      {
        ...sample,
        severity: 'critical',
        earned: { as: 'imminent exhaustion', because: 'a sample' },
        expr: promql`${used} > ${threshold('volume_space_warning')}`,
      },
    ];
    const thresholds = { volume_space_critical: 0.2 };
    expect(overrideComplaints(tiers, { thresholds: {}, overrides: {} }, today)).toEqual([]);
    expect(overrideComplaints(tiers, { thresholds, overrides: {} }, today)).toEqual([
      {
        path: ['thresholds', 'volume_space_critical'],
        text: 'Sample-warning would fire above 0.2, after Sample-critical, which fires above 0.15',
      },
    ]);
  });

  it('in no other case', () => {
    expect(complaints({})).toEqual([]);
    expect(complaints(off('2027-11-21'))).toEqual([]);
    // Expired: the rule is on again, and `npm run check` says so.
    expect(complaints(off('2020-01-01'))).toEqual([]);
    expect(
      complaints({
        'HostDiskFilling-warning': { thresholds: { disk_space_warning: 0.04 } },
        'HostDiskFilling-critical': { thresholds: { disk_space_critical: 0.03 }, for: '2m' },
      }),
    ).toEqual([]);
  });
});

it('a rule is told apart by its tier and its name', () => {
  const rule: AlertRule = { ...sample, severity: 'info' };
  const [changed] = overridden(
    [rule],
    { thresholds: {}, overrides: { 'Sample-info': { thresholds: { event_lag_warning: 7 } } } },
    today,
  );
  expect(changed && renderQuery(changed.expr)).toBe('max by (service) (event_consumer_lag) > 7');
});
