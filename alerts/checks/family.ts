import { familiesOf } from '../families.ts';
import { type AnyAlertRule, ruleId } from '../rule.ts';
import { alertsCheck } from './support/check.ts';

/** Tiers that do not carry the same labels cannot inhibit each other; and a reader expects one page for both. */
export const family = alertsCheck('family', 'SL1507', (subjects) =>
  familiesOf(subjects.map(({ alert }) => alert)).flatMap(({ name, tiers }) => {
    const texts = new Map(subjects.map(({ alert, text }) => [ruleId(alert), text]));
    const differing = (value: (rule: AnyAlertRule) => string | undefined): boolean =>
      new Set(tiers.map(value)).size > 1;
    const complaints = [
      ...(differing((rule) => rule.runbook) ? ['have different runbooks'] : []),
      ...(differing((rule) => [...rule.by].sort().join()) ? ['keep different labels'] : []),
      ...(tiers.length > 1 && tiers.some((rule) => rule.severity === 'none')
        ? ['mix `none` with severities that people are told of']
        : []),
      ...(tiers.length > 1 && !differing((rule) => texts.get(ruleId(rule)))
        ? ['have the same expression']
        : []),
    ];
    return complaints.map((what) => ({
      about: `alerts named ${name}`,
      what: `its tiers ${what}`,
      fix: 'make the tiers agree in runbook and labels and differ in threshold or window',
    }));
  }),
);
