/** Ends of a value axis that starts at zero, and the distance of its ticks. */
export interface AxisScale {
  readonly max: number;
  readonly interval: number;
}

const binaryUnits = new Set(['bytes', 'bits', 'kbytes', 'mbytes', 'gbytes']);

/**
 * Round ticks for an axis from zero to a little above `top`: 1, 2, 2.5 or 5 times a power of ten, or a power of
 * two for binary units, so that it reads 128 MiB and not 191 MiB; whole minutes, hours and days for long times.
 * @param ticks about how many intervals there is room for
 */
export function axisScale(top: number, ticks: number, unit = ''): AxisScale {
  const reach = top > 0 && Number.isFinite(top) ? top * 1.02 : 1;
  const exact = reach / Math.max(1, ticks);
  const interval = binaryUnits.has(unit)
    ? 2 ** Math.ceil(Math.log2(exact))
    : unit === 's' && exact > 10
      ? niceSeconds(exact)
      : niceDecimal(exact);
  return { max: Math.ceil(reach / interval - 1e-9) * interval, interval };
}

/** Of half minutes, minutes, hours and days, which are no powers of ten. */
function niceSeconds(exact: number): number {
  const [minute, hour, day] = [60, 3600, 86_400];
  const whole = [1, 2, 5, 10, 15, 30].map((many) => many * minute);
  const choices = [15, 30, ...whole, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day];
  return choices.find((seconds) => seconds >= exact) ?? niceDecimal(exact / day) * day;
}

function niceDecimal(exact: number): number {
  const power = 10 ** Math.floor(Math.log10(exact));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= exact * (1 - 1e-9)) ?? 10;
  return factor * power;
}

type Points = readonly (readonly [time: number, value: number | null])[];

/** The highest value, or the highest sum at one time when the series are stacked. */
export function highest(series: readonly Points[], stacked: boolean): number {
  const sums = new Map<number, number>();
  let top = 0;
  for (const points of series)
    for (const [time, value] of points) {
      const sum = stacked ? (sums.get(time) ?? 0) + (value ?? 0) : (value ?? 0);
      if (stacked) sums.set(time, sum);
      if (Number.isFinite(sum) && sum > top) top = sum;
    }
  return top;
}
