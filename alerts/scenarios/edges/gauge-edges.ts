import { constant, type Samples, type Scenario } from '../scenario.ts';
import { scrapeSeconds } from './counter.ts';
import { type Case, looked } from './looks.ts';

interface Gauge extends Case {
  /** The series with these values, in the notation of promtool. */
  readonly samples: (values: string) => Samples;
  /** The value that is just not enough, and one a little beyond it. */
  readonly atMost: number;
  readonly beyond: number;
  /** The same series under labels that are none of the rule's business; they must not fire. */
  readonly strangers?: (values: string) => Samples;
}

/** What an alert on a gauge does at its edges: the threshold, the waiting time, and the series it is not about. */
export function gaugeEdges(gauge: Gauge): readonly Scenario[] {
  const { samples, atMost, beyond, holds, strangers } = gauge;
  const before = 300;
  const scrapesBefore = before / scrapeSeconds;
  const begins = samples(`${atMost}x${scrapesBefore} ${beyond}x200`);
  return [
    looked(gauge, 'exactly the threshold', samples(constant(atMost)), before + holds * 2, false),
    looked(gauge, 'a little beyond it', begins, before + holds + 60, true),
    ...(holds > 0 ? [looked(gauge, 'beyond it, but not for long', begins, before + holds - 15, false)] : []),
    ...(strangers
      ? [
          looked(
            gauge,
            'beyond it, in what is not ours',
            strangers(constant(beyond)),
            before + holds * 2,
            false,
          ),
        ]
      : []),
  ];
}
