import type { ErrorCode, Problem } from '../../../telemetry/errors.ts';
import type { CheckId } from '../ids.ts';
import { type AlertSubject, isAlert, type Subject } from './subject.ts';

/** What checks know beside the rules. */
export interface CheckContext {
  /** Markdown by id. */
  readonly runbooks: ReadonlyMap<string, string>;
  /** `2026-11-21`: suppressions end. */
  readonly today: string;
  readonly scrapeIntervalMs: number;
}

/** What is wrong with a rule, and what mends it. */
export interface Finding {
  readonly what: string;
  readonly fix: string;
}

/** A finding, and the rule or the file that it is about. */
export interface Complaint extends Finding {
  readonly about: Subject | string;
}

export interface Check {
  readonly id: CheckId;
  readonly code: ErrorCode;
  /** What it catches, why that hurts, how to mend it. */
  readonly page: string;
  readonly run: (subjects: readonly Subject[], context: CheckContext) => readonly Complaint[];
}

export interface CheckProblem extends Problem {
  readonly check: CheckId;
  readonly page: string;
}

/** A check that looks at all rules together. */
export function setCheck(id: CheckId, code: ErrorCode, run: Check['run']): Check {
  return { id, code, page: `docs/checks/${id}.md`, run };
}

/** A check that looks at one rule at a time. */
export function ruleCheck(
  id: CheckId,
  code: ErrorCode,
  run: (subject: Subject, context: CheckContext) => readonly Finding[],
): Check {
  return setCheck(id, code, (subjects, context) =>
    subjects.flatMap((about) => run(about, context).map((finding) => ({ ...finding, about }))),
  );
}

/** A check that looks at one alert at a time. */
export function alertCheck(
  id: CheckId,
  code: ErrorCode,
  run: (subject: AlertSubject, context: CheckContext) => readonly Finding[],
): Check {
  return ruleCheck(id, code, (subject, context) => (isAlert(subject) ? run(subject, context) : []));
}

/** A check that looks at all alerts together. */
export function alertsCheck(
  id: CheckId,
  code: ErrorCode,
  run: (subjects: readonly AlertSubject[], context: CheckContext) => readonly Complaint[],
): Check {
  return setCheck(id, code, (subjects, context) => run(subjects.filter(isAlert), context));
}

export const problemOf = ({ id, code, page }: Check, { about, what, fix }: Complaint): CheckProblem => ({
  code,
  check: id,
  what,
  where: typeof about === 'string' ? about : about.where,
  fix,
  page,
});
