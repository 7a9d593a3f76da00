import { describe, expect, it } from 'vitest';
import { inhibitionsOf } from '../routing.ts';
import { ruleId } from '../rule.ts';
import { everydaySlos } from './index.ts';
import { bucketLabel } from './indicator.ts';
import { summaryOf } from './summary.ts';

describe('an SLO in figures', () => {
  it('says what may be bad, and what alerts', () => {
    const [plan] = everydaySlos.plans;
    if (!plan) throw new Error('there is no SLO');
    expect(summaryOf(plan)).toMatchObject({
      id: 'backend-api-availability',
      objective: 0.999,
      period: '7d',
      // A thousandth of 10,080 minutes.
      budgetMinutes: 10.08,
      alerts: [
        'BackendApiAvailabilityBurnRate-critical',
        'BackendApiAvailabilityBurnRate-warning',
        'BackendApiAvailabilityBlind-warning',
      ],
    });
  });
});

describe('burn-rate alerts', () => {
  const { alerts } = everydaySlos;

  it('have ids of their own and no `for` on top of their windows', () => {
    expect(new Set(alerts.map(ruleId)).size).toBe(alerts.length);
    expect(alerts.filter((rule) => rule.name.endsWith('BurnRate') && rule.for)).toEqual([]);
  });

  it('are quiet about a slow burn while the fast one of the same SLO pages', () => {
    expect(inhibitionsOf(alerts)).toHaveLength(everydaySlos.plans.length);
    expect(inhibitionsOf(alerts)[0]?.equal).toEqual([
      'cluster',
      'environment',
      'namespace',
      'service',
      'slo',
    ]);
  });
});

describe('a bucket’s label', () => {
  it.each([
    [5, '5.0'],
    [1, '1.0'],
    [0.5, '0.5'],
    [300, '300.0'],
  ])('of %d is stored as %s by Prometheus 3', (bound, label) => {
    expect(bucketLabel(bound)).toBe(label);
  });
});
