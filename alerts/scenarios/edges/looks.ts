import type { Samples, Scenario } from '../scenario.ts';

/** What the scenarios about one alert have in common. */
export interface Case {
  readonly family: string;
  /** The alert that fires. */
  readonly firing: Scenario['firing'][number];
  /** `for`, in seconds; 0 where there is none. */
  readonly holds: number;
}

/** One look, so many seconds after the first sample. */
export function looked(
  { family, firing }: Case,
  given: string,
  samples: Samples,
  seconds: number,
  fires: boolean,
): Scenario {
  return { family, given, samples, at: `${seconds}s`, firing: fires ? [firing] : [] };
}

/** Seconds before and after the moment an alert is due: two scrapes, since the arithmetic of rates is not exact. */
const tolerance = 30;

/** Two looks at the same samples: shortly before the alert is due, and shortly after. */
export function roundAbout(about: Case, given: string, samples: Samples, due: number): readonly Scenario[] {
  return [
    looked(about, `${given}: not yet`, samples, due - tolerance, false),
    looked(about, `${given}: now`, samples, due + tolerance, true),
  ];
}
