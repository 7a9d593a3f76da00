import type { Samples, Scenario } from '../scenario.ts';
import { paced } from './counter.ts';
import { type Case, looked } from './looks.ts';

interface AnyIncrease extends Case {
  readonly samples: (values: string) => Samples;
  /** In seconds. */
  readonly window: number;
}

/** Edges of an alert on any increase at all within a window, however small. */
export function nowAndThen(increase: AnyIncrease): readonly Scenario[] {
  const { samples, window, holds } = increase;
  const slow = window >= 3600;
  const scrapeSeconds = slow ? 60 : 15;
  const look = (given: string, values: string, seconds: number, fires: boolean): Scenario => ({
    ...looked(increase, given, samples(values), seconds, fires),
    ...(slow && { every: '1m' }),
  });
  const apart = (window * 4) / 5 / scrapeSeconds;
  const bursts = Math.ceil((holds + 2 * window) / (apart * scrapeSeconds)) + 1;
  const rare = paced(Array.from({ length: bursts }, () => [[0, apart - 1] as const, [1, 1] as const]).flat());
  const settled = bursts * apart * scrapeSeconds;
  const first = 20 * scrapeSeconds;
  const forgotten = first + window + holds + 60;
  const begins = `0x20 1x${forgotten / scrapeSeconds}`;
  return [
    look('one after the other, each within the window of the last', rare, settled - 60, true),
    look('one, a moment ago', begins, first + 45, !slow && holds < 45),
    look('one, longer ago than the window', begins, forgotten, false),
    look('many long ago, and a restart', '9x20 0x200', first + 60, false),
  ];
}
