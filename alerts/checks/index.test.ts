import { describe, expect, it } from 'vitest';
import { logql } from '../../telemetry/query/query.ts';
import type { LogAlertRule } from '../rule.ts';
import { checkRules, type Rules } from './index.ts';
import { exampleContext, sample, text } from './support/examples.ts';

const said = (rules: Rules) =>
  checkRules(rules, exampleContext).map(({ check, where, what }) => `${check}: ${where}: ${what}`);

describe('all checks', () => {
  it('accept a sound rule', () => {
    expect(said({ alerts: [sample()], recordings: [] })).toEqual([]);
  });

  it('say where a problem is explained', () => {
    const [problem] = checkRules(
      { alerts: [sample('max by (service) (up)')], recordings: [] },
      exampleContext,
    );
    expect(problem).toMatchObject({ code: 'SL1541', page: 'docs/checks/always-fires.md' });
  });

  it('read no tree where there is none', () => {
    const found = said({ alerts: [sample('max by (service (up)', { by: ['service'] })], recordings: [] });
    expect(found.join('\n')).toContain('query: alert Sample-warning: syntax error');
    expect(found.filter((one) => !one.startsWith('query: '))).toEqual([]);
  });

  it('look at expressions of recording rules too', () => {
    const recording = (expr: string) =>
      ({ record: 'slo:attainment:ratio_period', expr: text(expr) }) as const;
    const recordings = [
      'sum(rate(',
      '1 - slo:errors:ratio9h',
      'slo:errors:ratio1h{pod="x"}',
      'rate(log_lines_total[30s])',
    ];
    const where = 'recording rule slo:attainment:ratio_period';
    const found = said({ alerts: [sample()], recordings: recordings.map(recording) }).join('\n');
    expect(found).toContain(`query: ${where}: syntax error`);
    expect(found).toContain(
      `query: ${where}: no contract and no catalogue declares this series: slo:errors:ratio9h`,
    );
    expect(found).toContain(`query: ${where}: the series has no label pod`);
    expect(found).toContain(`short-range: ${where}: rate() over 30s`);
  });

  it('look at rules about log lines', () => {
    const { expr: _, ...rest } = sample();
    const about = (query: string, by: readonly string[]): LogAlertRule => ({
      ...rest,
      expr: logql`${{ language: 'logql', parts: [{ kind: 'text', text: query }] }}`,
      by,
    });
    const lines = (query: string, by: readonly string[] = ['service']) =>
      said({ alerts: [about(query, by)], recordings: [] }).join('\n');
    const errors = 'sum by (service) (count_over_time({level="ERROR"}[5m]))';
    expect(lines(`${errors} > 0`)).toBe('');
    expect(lines('sum by (service (')).toContain('query: alert Sample-warning: syntax error');
    expect(lines(`${errors} > 50`)).toContain('bare-number: alert Sample-warning');
    expect(lines(`${errors} > 0`, ['pod'])).toContain('does not keep the label pod');
    expect(lines(errors.replace('5m', '30s'))).toContain('short-range');
    expect(lines(errors)).toContain('always-fires');
    expect(lines(`${errors.replace('ERROR', 'BROKEN')} > 0`)).toContain('dead-matcher');
    expect(lines(`topk(3, ${errors}) > 0`)).toContain('sampling');
    expect(lines(`${errors} / sum by (service) (count_over_time({level="INFO"}[5m])) > 0`)).toContain(
      'division-by-absent',
    );
    expect(lines(`${errors} / sum by (service) (count_over_time({}[5m])) > 0`)).not.toContain(
      'division-by-absent',
    );
  });
});
