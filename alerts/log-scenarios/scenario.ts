import type { Severity } from '../../telemetry/contract/links.ts';
import type { Duration } from '../../telemetry/query/scale-time.ts';
import { subjectOf, type Writing } from './lines.ts';

interface FiringAlert {
  readonly severity: Severity;
  readonly [label: string]: string;
}

/** `threshold`: exactly at it, where nothing fires yet. `early`: the condition has not held for long enough. */
export type ScenarioKind = 'fires' | 'early' | 'threshold' | 'quiet';

/** What a family of log alerts does, given these lines. */
export interface LogScenario {
  /** The alerts' name: all tiers are looked at. */
  readonly family: string;
  readonly kind: ScenarioKind;
  readonly given: string;
  readonly lines: readonly Writing[];
  /** Time since the scenario began. */
  readonly at: Duration;
  /** All that fire then: severity, and the labels of the expression. */
  readonly firing: readonly FiringAlert[];
}

type Case = readonly [given: string, lines: readonly Writing[]];

/** What shows that a rule about lines is right. */
interface LogProof {
  readonly family: string;
  readonly severity?: Severity;
  /** The service that the alert is about, and labels beyond those that every log alert has. */
  readonly about: { readonly service: string; readonly [label: string]: string };
  /** Each of these fires. */
  readonly above: readonly Case[];
  /** For a rule with `for`: lines, and a moment when the condition holds, but not for long enough. */
  readonly early?: readonly [...Case, at: Duration];
  /** For a rule with a threshold. */
  readonly threshold?: Case;
  readonly quiet: readonly Case[];
}

/** When the alert fires, and is looked for in vain. */
const lookAt: Duration = '20m';

/** Fires above its threshold, not too early, and in none of the quiet cases. */
export function logProofOf(proof: LogProof): readonly LogScenario[] {
  const { family, about, above, early, threshold, quiet, severity = 'warning' } = proof;
  const firing = [{ severity, ...subjectOf(about.service), ...about }];
  const calm = (kind: ScenarioKind, [given, lines]: Case, at = lookAt): LogScenario => ({
    family,
    kind,
    given,
    lines,
    at,
    firing: [],
  });
  return [
    ...above.map(([given, lines]) => ({ family, kind: 'fires' as const, given, lines, at: lookAt, firing })),
    ...(early ? [calm('early', [early[0], early[1]], early[2])] : []),
    ...(threshold ? [calm('threshold', threshold)] : []),
    ...quiet.map((each) => calm('quiet', each)),
  ];
}
