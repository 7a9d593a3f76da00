/** How fast a counter grows, by how much a scrape, for how many scrapes: one piece after the other. */
export type Pace = readonly (readonly [perScrape: number, scrapes: number])[];

/** The counter in the notation of promtool. It starts at 0. */
export function paced(pace: Pace): string {
  let value = 0;
  const pieces = pace.map(([perScrape, scrapes], index) => {
    // A piece `a+bxn` has n + 1 samples; only the first piece begins with one of its own.
    const first = index === 0 ? 0 : value + perScrape;
    const sign = perScrape < 0 ? '' : '+';
    const text = `${first}${sign}${perScrape}x${index === 0 ? scrapes : scrapes - 1}`;
    // Added up as promtool does: one bit less than its last value would be a counter reset.
    for (let scrape = 0; scrape < scrapes; scrape++) value += perScrape;
    return text;
  });
  return pieces.join(' ');
}

/** Two counters in one, as far as the shorter goes. */
export function plus(a: Pace, b: Pace): Pace {
  const [first, second] = [a[0], b[0]];
  if (!first || !second) return [];
  const scrapes = Math.min(first[1], second[1]);
  const rest = ([pace, length]: Pace[number], others: Pace): Pace =>
    length > scrapes ? [[pace, length - scrapes], ...others] : others;
  return [[first[0] + second[0], scrapes], ...plus(rest(first, a.slice(1)), rest(second, b.slice(1)))];
}

export const scrapeSeconds = 15;

/** A pace that never changes, for an hour. */
export const steady = (perScrape: number): Pace => [[perScrape, 240]];

/** One pace until `seconds`, another for an hour after. */
export const stepAt = (seconds: number, before: number, after: number): Pace => [
  [before, seconds / scrapeSeconds],
  [after, 240],
];

/** A pace that goes on for an hour after the counter began anew at `seconds`. A whole number: else it would not reach 0. */
export function throughRestart(perScrape: number, seconds: number): Pace {
  const scrapes = seconds / scrapeSeconds - 1;
  return [
    [perScrape, scrapes],
    [-perScrape * scrapes, 1],
    [perScrape, 240],
  ];
}

/** What Prometheus makes of a counter that grew by `growth` within a window: extrapolated to its full length. */
export function rateOf(growth: number, window: number): number {
  const seen = window - scrapeSeconds;
  return growth * (window / seen / window);
}

/**
 * A counter whose rate over the window is this number to the last bit, extrapolated as it is: it grows once in each
 * window, by what gives the number, and every other time by a reset to that value.
 */
export function exactly(perSecond: number, window: number): Pace {
  const near = perSecond / rateOf(1, window);
  const lastBit = 2 ** (Math.floor(Math.log2(near)) - 52);
  const growth =
    [0, 1, -1, 2, -2]
      .map((bits) => near + bits * lastBit)
      .find((candidate) => rateOf(candidate, window) === perSecond) ?? near;
  const rest = [0, window / scrapeSeconds - 2] as const;
  const wave: Pace = [[growth, 1], rest, [-growth, 1], rest];
  return [[growth, 1], rest, ...Array.from({ length: 6 }, () => wave).flat()];
}

/** By how much two counters grow at each scrape whose shares of their sum are `part` and the rest, to the last bit. */
export function exactShare(part: number, whole: number, window: number): readonly [number, number] {
  const scrapes = window / scrapeSeconds - 1;
  const rates = (each: number): number => rateOf(each * scrapes, window);
  const unit =
    Array.from({ length: 500 }, (_, index) => index + scrapeSeconds).find((each) => {
      const [some, rest, all] = [part, whole - part, whole].map((share) => rates(share * each)) as [
        number,
        number,
        number,
      ];
      return some / (some + rest) === part / whole && some / all === part / whole;
    }) ?? scrapeSeconds;
  return [part * unit, (whole - part) * unit];
}
