import { ruleId } from '../rule.ts';
import { alertsCheck, type Complaint } from './support/check.ts';

export const uniqueId = alertsCheck('unique-id', 'SL1504', (subjects) =>
  Object.values(Object.groupBy(subjects, ({ alert }) => ruleId(alert))).flatMap(
    (same = []): readonly Complaint[] => {
      const [about] = same;
      return !about || same.length < 2
        ? []
        : [{ about, what: `${same.length} rules share its name and severity`, fix: 'rename one' }];
    },
  ),
);
