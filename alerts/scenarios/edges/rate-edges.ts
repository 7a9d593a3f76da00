import type { Samples, Scenario } from '../scenario.ts';
import { exactly, type Pace, scrapeSeconds, steady, stepAt, throughRestart } from './counter.ts';
import { type Case, looked, roundAbout } from './looks.ts';

interface Rate extends Case {
  readonly samples: (counter: Pace) => Samples;
  /** The alert fires above this many a second. */
  readonly above: number;
  /** In seconds. */
  readonly window: number;
}

/** What an alert on a rate does at its edges: see `shareEdges`. */
export function rateEdges(rate: Rate): readonly Scenario[] {
  const { samples, above, window, holds } = rate;
  const perScrape = above * scrapeSeconds;
  const settled = window + holds + 120;
  const begins = window + 60;
  return [
    looked(rate, 'exactly the rate of the threshold', samples(exactly(above, window)), settled, false),
    looked(rate, 'a fifth more than that rate', samples(steady(perScrape * 1.2)), settled, true),
    looked(
      rate,
      'a great deal, but not for long',
      samples(stepAt(begins, 0, perScrape * 100)),
      begins + holds - 15,
      false,
    ),
    looked(
      rate,
      'a great deal, through a restart',
      samples(throughRestart(Math.ceil(perScrape * 100), settled - 60)),
      settled,
      true,
    ),
    ...roundAbout(
      rate,
      'a third more begins',
      samples(stepAt(begins, 0, (perScrape * 4) / 3)),
      begins + (window * 3) / 4 + holds,
    ),
  ];
}
