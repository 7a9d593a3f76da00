import type { Samples, Scenario } from '../scenario.ts';
import { exactly, exactShare, type Pace, scrapeSeconds, steady, stepAt, throughRestart } from './counter.ts';
import { type Case, looked, roundAbout } from './looks.ts';

interface Share extends Case {
  /** Two counters' series: what fails (or is slow), and what does not. */
  readonly samples: (failed: Pace, fine: Pace) => Samples;
  /** The alert fires above `part` of `whole`, both whole numbers. */
  readonly above: { readonly part: number; readonly whole: number };
  /** All per second that it takes for the share to mean anything; absent where the rule has no such guard. */
  readonly guard?: number;
  /** In seconds. */
  readonly window: number;
}

/** A share of the window: the alert is due that long after a step, and sooner or later with another window. */
const reach = 3 / 4;

/**
 * What an alert on a share of counters does at its edges: the share exactly reached and just exceeded, the guard
 * likewise, and how soon it fires after one of the counters changes its pace, which gives away each window.
 */
export function shareEdges(share: Share): readonly Scenario[] {
  const { samples, window, holds, guard } = share;
  const { part, whole } = share.above;
  const threshold = part / whole;
  const settled = window + holds + 120;
  const begins = window + 60;
  const due = begins + window * reach + holds;
  const [bad, good] = exactShare(part, whole, window);
  const busy = 60 * whole;
  const before = threshold / (1 + (1 - threshold) / (1 - reach) - (1 - threshold));
  const shares = [
    looked(share, 'exactly the share of the threshold', samples(steady(bad), steady(good)), settled, false),
    looked(share, 'a fifth more than that share', samples(steady(bad * 1.2), steady(good)), settled, true),
    looked(
      share,
      'everything, but not for long',
      samples(stepAt(begins, 0, busy), steady(0)),
      begins + holds - 15,
      false,
    ),
    looked(
      share,
      'everything, through a restart',
      samples(throughRestart(busy, settled - 60), steady(0)),
      settled,
      true,
    ),
    ...roundAbout(
      share,
      'a larger share begins',
      samples(
        stepAt(begins, 0, (busy * threshold) / reach),
        stepAt(begins, busy, busy * (1 - threshold / reach)),
      ),
      due,
    ),
    ...roundAbout(
      share,
      'only what is bad goes on',
      samples(steady(busy * before), stepAt(begins, busy * (1 - before), 0)),
      due,
    ),
  ];
  if (guard === undefined) return shares;
  const perScrape = guard * scrapeSeconds;
  return [
    ...shares,
    looked(
      share,
      'everything, exactly as rarely as the guard',
      samples(exactly(guard, window), steady(0)),
      settled,
      false,
    ),
    looked(
      share,
      'everything, a fifth more often',
      samples(steady(perScrape * 1.2), steady(0)),
      settled,
      true,
    ),
    ...roundAbout(
      share,
      'everything, and it begins',
      samples(stepAt(begins, 0, perScrape / reach), steady(0)),
      due,
    ),
  ];
}
