import { describe, expect, it } from 'vitest';
import type { PromqlQuery } from '../../../telemetry/query/query.ts';
import { renderQuery } from '../../../telemetry/query/query.ts';
import { resultLabels } from '../../../telemetry/query/result-labels.ts';
import type { AlertRule, AnyAlertRule } from '../../rule.ts';
import type { Check, CheckContext } from './check.ts';
import { alertSubject } from './subject.ts';

const sections = ['Meaning', 'Impact', 'Diagnosis', 'Mitigation'];
const sampleRunbook = sections.map((title) => `## ${title}\n\ntext`).join('\n');

export const exampleContext: CheckContext = {
  runbooks: new Map([['sample', sampleRunbook]]),
  today: '2026-11-21',
  scrapeIntervalMs: 15_000,
};

export const text = (promql: string): PromqlQuery => ({
  language: 'promql',
  parts: [{ kind: 'text', text: promql }],
});

type Change = Partial<Omit<AlertRule, 'severity' | 'earned' | 'expr'>>;

/** A rule that no check minds, but for what is given. Its `by` is what its expression keeps. */
export function sample(
  expr: PromqlQuery | string = 'max by (service) (up) == 1',
  change: Change = {},
): Exclude<AlertRule, { severity: 'critical' }> {
  const query = typeof expr === 'string' ? text(expr) : expr;
  return {
    name: 'Sample',
    severity: 'warning',
    expr: query,
    for: { duration: '2m', because: 'a burst' },
    by: [...resultLabels(renderQuery(query))],
    summary: 'Something is wrong',
    description: 'Something is wrong, and users will notice it soon.',
    runbook: 'sample',
    dashboard: { uid: 'home', variables: ['environment', 'cluster'] },
    ...change,
  };
}

/** The same, paging. */
export const critical = (rule: AlertRule, because = 'what it holds is gone within the hour'): AlertRule => ({
  ...rule,
  severity: 'critical',
  earned: { as: 'data loss', because },
});

/** A query as it is written, or rules. */
export type Example = PromqlQuery | string | AnyAlertRule | readonly AnyAlertRule[];

function rulesOf(example: Example): readonly AnyAlertRule[] {
  if (typeof example === 'string' || 'language' in example) return [sample(example)];
  return 'expr' in example ? [example] : example;
}

/** What a check says of an example, one complaint a line. */
export function complaintsAbout(check: Check, example: Example, context = exampleContext): readonly string[] {
  const subjects = rulesOf(example).map(alertSubject);
  return check
    .run(subjects, context)
    .map(({ about, what }) => `${typeof about === 'string' ? about : about.where}: ${what}`);
}

/**
 * A check's own table: what it must accept, and what it must refuse, with words that its complaint holds. The first
 * column names the case where the example does not.
 */
export function examples(
  check: Check,
  {
    good,
    bad,
  }: {
    readonly good: readonly (readonly [string, Example])[];
    readonly bad: readonly (readonly [string, Example, string])[];
  },
): void {
  describe(`the check ${check.id}`, () => {
    it.each(good)('accepts %s', (_, example) => {
      expect(complaintsAbout(check, example)).toEqual([]);
    });
    it.each(bad)('refuses %s', (_, example, words) => {
      expect(complaintsAbout(check, example).join('\n')).toContain(words);
    });
  });
}
