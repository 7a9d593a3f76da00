import { describe, expect, it } from 'vitest';
import { checkPromqlText } from '../../telemetry/query/check-promql.ts';
import { promql, renderQuery, threshold } from '../../telemetry/query/query.ts';
import type { AlertRule } from '../rule.ts';
import { metricRules } from '../rules/index.ts';
import { type Mutant, mutantId, mutantsOf, operators } from './index.ts';
import { verdictOn } from './verdict.ts';

const all = metricRules.flatMap(mutantsOf);

describe('the mutants of our own rules', () => {
  it('are valid PromQL, differ from their rule, and each has a name of its own', () => {
    const problems = all.flatMap(({ broken }) => checkPromqlText(broken.expr));
    expect(problems).toEqual([]);
    for (const { rule, broken } of all)
      expect(broken).not.toEqual({ expr: renderQuery(rule.expr), for: rule.for?.duration });
    expect(new Set(all.map(mutantId)).size).toBe(all.length);
  });
  it('are made by every operator', () => {
    expect([...new Set(all.map(({ operator }) => operator))].sort()).toEqual(
      operators.map(({ name }) => name).sort(),
    );
  });
});

const rule: AlertRule = {
  name: 'Sample',
  severity: 'warning',
  expr: promql`max by (service) (event_consumer_lag) > ${threshold('event_lag_warning')}`,
  by: ['service'],
  summary: '',
  description: '',
  runbook: 'sample',
  dashboard: { uid: 'home', variables: [] },
};

describe('the verdict', () => {
  const mutants = mutantsOf(rule);
  const [first] = mutants;
  if (!first) throw new Error('the sample has no mutants');
  const outcomes = (survivor?: Mutant) => mutants.map((mutant) => ({ mutant, killed: mutant !== survivor }));
  const declaration = {
    rule: 'Sample-warning',
    operator: first.operator,
    change: first.change,
    because: 'for a test',
  };

  it('has nothing to complain about when all are killed', () => {
    expect(verdictOn(outcomes(), [])).toMatchObject({
      total: { mutants: mutants.length, killed: mutants.length, percent: 100 },
      survivors: [],
      complaints: [],
    });
  });
  it('names the survivor with what changed, and the shares that are too low', () => {
    const verdict = verdictOn(outcomes(first), []);
    expect(verdict.survivors).toEqual([
      {
        rule: 'Sample-warning',
        operator: 'comparison flipped',
        change: '> 50 became < 50',
        expr: 'max by (service) (event_consumer_lag) < 50',
      },
    ]);
    expect(verdict.complaints).toEqual([
      '80.0 % of the mutants were killed, not 95 %',
      '0.0 % of the mutants by "comparison flipped" were killed, not 90 %',
    ]);
  });
  it('counts a declared equivalent as a survivor, and says why it is one', () => {
    const declared = verdictOn(outcomes(first), [declaration]);
    expect(declared.total).toEqual(verdictOn(outcomes(first), []).total);
    expect(declared.survivors).toMatchObject([{ because: 'for a test' }]);
    expect(declared.complaints).toHaveLength(2);
  });
  it('refuses a declaration whose mutant is killed, or without a reason, and leaves other rules’ alone', () => {
    expect(verdictOn(outcomes(), [declaration]).complaints.join()).toContain('no such mutant survived');
    expect(verdictOn(outcomes(first), [{ ...declaration, because: ' ' }]).complaints.join()).toContain(
      'without a reason',
    );
    expect(verdictOn(outcomes(), [{ ...declaration, rule: 'Other-info' }]).complaints).toEqual([]);
  });
});
