import type { Suppression } from '../rule.ts';
import type { CheckId } from './ids.ts';
import { type Complaint, type Finding, setCheck } from './support/check.ts';
import type { Subject } from './support/subject.ts';

const longestDays = 366;
const dayMs = 86_400_000;

/** Whether it still holds. A date that is none never does. */
const isInForce = ({ until }: Suppression, today: string): boolean =>
  !Number.isNaN(Date.parse(until)) && until >= today;

export const suppression = setCheck('suppression', 'SL1561', (subjects, { today }) =>
  subjects.flatMap((about) =>
    about.allow.flatMap((one) => findings(one, today).map((finding) => ({ ...finding, about }))),
  ),
);

function findings(one: Suppression, today: string): readonly Finding[] {
  const end = Date.parse(one.until);
  const what = `its suppression of ${one.check}`;
  return [
    ...(one.because.trim() === '' ? [{ what: `${what} has no reason`, fix: 'write why in `because`' }] : []),
    ...(Number.isNaN(end) || new Date(end).toISOString().slice(0, 10) !== one.until
      ? [{ what: `${what} ends on ${one.until}, which is no day`, fix: 'write it as 2027-05-31' }]
      : []),
    ...(one.until < today
      ? [{ what: `${what} ended on ${one.until}`, fix: 'mend the rule, or say anew why it does not apply' }]
      : []),
    ...(end - Date.parse(today) > longestDays * dayMs
      ? [
          {
            what: `${what} lasts longer than a year`,
            fix: 'choose an earlier day: it is looked at again then',
          },
        ]
      : []),
  ];
}

/** What a check found, without what its rule allows, and the suppressions that were of use. */
export function suppress(
  check: CheckId,
  complaints: readonly Complaint[],
  today: string,
): { readonly left: readonly Complaint[]; readonly used: readonly Suppression[] } {
  const answered = complaints.map((complaint) => ({ complaint, by: allowance(check, complaint, today) }));
  return {
    left: answered.filter(({ by }) => by === undefined).map(({ complaint }) => complaint),
    used: answered.flatMap(({ by }) => by ?? []),
  };
}

const allowance = (check: CheckId, { about }: Complaint, today: string): Suppression | undefined =>
  typeof about === 'string'
    ? undefined
    : about.allow.find((one) => one.check === check && isInForce(one, today));

/** Those in force that silence nothing. */
export function unusedSuppressions(
  subjects: readonly Subject[],
  used: readonly Suppression[],
  today: string,
): readonly Complaint[] {
  return subjects.flatMap((about) =>
    about.allow
      .filter((one) => isInForce(one, today) && !used.includes(one))
      .map(({ check }) => ({
        about,
        what: `its suppression of ${check} silences nothing`,
        fix: 'remove it',
      })),
  );
}
