import type { Samples, Scenario } from '../scenario.ts';
import { paced, scrapeSeconds } from './counter.ts';
import { type Case, looked } from './looks.ts';

interface AnyIncrease extends Case {
  readonly samples: (values: string) => Samples;
  /** In seconds. */
  readonly window: number;
}

/** Edges of an alert on any increase at all within a window, however small. */
export function nowAndThen(increase: AnyIncrease): readonly Scenario[] {
  const { samples, window, holds } = increase;
  const apart = (window * 4) / 5 / scrapeSeconds;
  const bursts = Math.ceil((holds + 2 * window) / (apart * scrapeSeconds)) + 1;
  const rare = samples(
    paced(Array.from({ length: bursts }, () => [[0, apart - 1] as const, [1, 1] as const]).flat()),
  );
  const settled = bursts * apart * scrapeSeconds;
  const begins = samples('0x20 1x200');
  return [
    looked(increase, 'one after the other, each within the window of the last', rare, settled - 60, true),
    looked(increase, 'one, a moment ago', begins, 345, false),
    looked(increase, 'one, longer ago than the window', begins, 300 + window + holds + 60, false),
  ];
}
