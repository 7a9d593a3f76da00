import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SloDefinition, slos } from '../../telemetry/contract/slos.ts';
import { type ErrorCode, SightlineError } from '../../telemetry/errors.ts';
import { series } from '../../telemetry/query/query.ts';
import type { Duration } from '../../telemetry/query/scale-time.ts';
import { buildSlos } from './index.ts';
import { planSlo } from './plan.ts';

const environment = { period: '28d', retention: '30d' } as const;

const counts = {
  kind: 'ratio',
  total: series('http_server_request_duration_seconds_count'),
  bad: series('http_server_request_duration_seconds_count', { http_response_status_code: '500' }),
} as const;

const errors: SloDefinition = {
  id: 'backend-api-sample',
  service: 'backend-api',
  description: 'Requests succeed',
  objective: 0.999,
  indicator: counts,
};

const refusal = (
  slo: SloDefinition,
  where: { readonly period: Duration; readonly retention: Duration } = environment,
) => {
  try {
    planSlo(slo, where);
  } catch (error) {
    if (error instanceof SightlineError) return error;
    throw error;
  }
  return undefined;
};

describe('an SLO', () => {
  it('has limits printed without the errors of binary fractions', () => {
    const limits = planSlo(errors, { period: '30d', retention: '32d' }).tiers.map(
      ({ errorRatio }) => errorRatio,
    );
    expect(limits.map(String)).toEqual(['0.0144', '0.006', '0.003', '0.001']);
  });

  it.each<readonly [string, SloDefinition, ErrorCode, string]>([
    ['an objective of 1', { ...errors, objective: 1 }, 'SL1531', 'objective is 1'],
    ['an objective of 0', { ...errors, objective: 0 }, 'SL1531', 'objective is 0'],
    ['an objective in percent', { ...errors, objective: 99.9 }, 'SL1531', 'objective is 99.9'],
    ['an objective that is no number', { ...errors, objective: Number.NaN }, 'SL1531', 'objective is NaN'],
    ['an objective that no burn rate can reach', { ...errors, objective: 0.9 }, 'SL1532', '13.44 × 0.1'],
    [
      'a metric that its service does not emit',
      {
        ...errors,
        service: 'sync',
        indicator: { ...counts, total: series('task_operations_total') },
      },
      'SL1536',
      'task_operations_total is not emitted by sync',
    ],
    [
      'a gauge to count with',
      { ...errors, indicator: { ...counts, bad: series('event_consumer_lag') } },
      'SL1536',
      'event_consumer_lag is no counter of the contract',
    ],
  ])('is refused with %s', (_, slo, code, what) => {
    expect(refusal(slo)).toMatchObject({
      code,
      where: 'SLO backend-api-sample',
      what: expect.stringContaining(what),
    });
  });

  it('is refused when its latency threshold is no bucket bound, as data that was never type-checked may have it', () => {
    const between: SloDefinition = JSON.parse(
      JSON.stringify({
        ...errors,
        indicator: { kind: 'latency', histogram: 'sync_event_latency_seconds', threshold: 0.3 },
      }),
    );
    expect(refusal(between)).toMatchObject({
      code: 'SL1534',
      where: 'SLO backend-api-sample',
      fix: expect.stringContaining('0.25, 0.5'),
    });
  });

  it.each([
    ['28d', '29d', 'SL1533'],
    ['15d', '15d', 'SL1533'],
    ['1d', '30d', 'SL1535'],
    ['28d', '30d', undefined],
    ['7d', '9d', undefined],
  ] as const)('over %s where samples are kept for %s: %s', (period, retention, code) => {
    expect(refusal(errors, { period, retention })?.code).toBe(code);
  });

  it('is refused exactly when one of its alerts could not fire', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.9999, noNaN: true }),
        fc.integer({ min: 2, max: 120 }),
        (objective, days) => {
          const where = { period: `${days}d`, retention: `${days + 2}d` } as const;
          const error = refusal({ ...errors, objective }, where);
          const fastest = Math.max(1, (0.02 * days * 24) / 1);
          if (fastest * (1 - objective) >= 1.00001) expect(error?.code).toBe('SL1532');
          if (fastest * (1 - objective) <= 0.99999) expect(error).toBeUndefined();
        },
      ),
    );
  });
});

describe('the SLOs together', () => {
  it('are refused when an id is used twice or is not in kebab-case', () => {
    expect(() => buildSlos(environment, [errors, errors])).toThrow(
      /SL1537 two SLOs have this id \(SLO backend-api-sample\)/,
    );
    expect(() => buildSlos(environment, [{ ...errors, id: 'Backend Errors' }])).toThrow(
      /SL1537 .*kebab-case/,
    );
  });

  it('of ours can be kept an eye on, over each period', () => {
    for (const period of ['7d', '28d', '30d'] as const) {
      const { plans, alerts } = buildSlos({ period, retention: '32d' });
      expect(plans).toHaveLength(slos.length);
      // A page, a ticket and the alert that nothing is measured.
      expect(alerts).toHaveLength(3 * slos.length);
    }
  });
});
