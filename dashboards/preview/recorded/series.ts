/** What a series is known by. */
export type Labels = Readonly<Record<string, string>>;

/** A series at the times that were asked for; NaN where it has nothing. */
export interface Series {
  readonly labels: Labels;
  readonly values: readonly number[];
}

/** A series before anybody asks. */
export interface RecordedSeries {
  readonly labels: Labels;
  /** Value at an epoch second; of a counter, its growth a second. NaN where there is nothing. */
  readonly at: (second: number) => number;
  readonly counter: boolean;
}

/** A scalar has one series without labels. */
export interface Result {
  readonly scalar: boolean;
  readonly series: readonly Series[];
}

/** The same labels in any order make the same key. */
export const keyOf = (labels: Labels): string =>
  Object.keys(labels)
    .sort()
    .map((name) => `${name}\u0000${labels[name]}`)
    .join('\u0001');

/** Only these labels, as `by` and `on` keep them. */
export const keep = (labels: Labels, names: readonly string[]): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));

/** All but these, as `without` and `ignoring` keep them; the name of the metric never stays. */
export const leaveOut = (labels: Labels, names: readonly string[]): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => name !== '__name__' && !names.includes(name)));

export const nameless = (labels: Labels): Labels => leaveOut(labels, []);

/** Series that are there at one time at least. */
export const present = (series: readonly Series[]): readonly Series[] =>
  series.filter(({ values }) => values.some((value) => !Number.isNaN(value)));
