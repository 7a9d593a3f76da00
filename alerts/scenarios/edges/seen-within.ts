import type { Samples, Scenario } from '../scenario.ts';
import { scrapeSeconds } from './counter.ts';
import { type Case, looked } from './looks.ts';

interface SeenWithin extends Case {
  readonly samples: (values: string) => Samples;
  /** The value of a sample that counts. */
  readonly value: number;
  /** In seconds. */
  readonly window: number;
}

/** Edges of an alert on what was seen at all within a window, by its series being there. */
export function seenWithin(seen: SeenWithin): readonly Scenario[] {
  const { samples, value, window, holds } = seen;
  const apart = (window * 4) / 5 / scrapeSeconds;
  const times = Math.ceil((holds + 2 * window) / (apart * scrapeSeconds)) + 1;
  const now = and(`${value} _x${apart - 1}`, times);
  const last = 600;
  const before = `${value}x${last / scrapeSeconds} _x${(window + holds + 120) / scrapeSeconds}`;
  return [
    looked(
      seen,
      'now and then, each within the window of the last',
      samples(now),
      (times - 1) * apart * scrapeSeconds,
      true,
    ),
    looked(seen, 'for the last time longer ago than the window', samples(before), last + window + 60, false),
  ];
}

const and = (piece: string, times: number): string => Array.from({ length: times }, () => piece).join(' ');
