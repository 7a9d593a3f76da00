import { legendText } from './interpolate.ts';
import type { TargetModel } from './model.ts';

/** One series: a name for the legend, its labels, and points of epoch milliseconds and value. */
export interface Frame {
  readonly refId: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly Point[];
}

/** null is a gap: nothing was measured there. */
type Point = readonly [time: number, value: number | null];

export interface LogLine {
  /** Epoch nanoseconds, as text: more digits than a number holds. */
  readonly nanoseconds: string;
  readonly line: string;
  /** Of its stream; with structured metadata among them where Loki does not tell them apart. */
  readonly labels: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  /** What the query itself took out of the line. */
  readonly parsed?: Readonly<Record<string, string>>;
}

export type Labels = Readonly<Record<string, string>>;

/** The third part comes where labels are asked for by category. */
type LokiValue = readonly [
  nanoseconds: string,
  line: string,
  categories?: { readonly structuredMetadata?: Labels; readonly parsed?: Labels },
];

interface Answer {
  readonly resultType: string;
  readonly result: readonly unknown[];
}

/** The `data` of an answer of Prometheus or Loki, when it is one. */
export function answerOf(body: unknown): Answer | undefined {
  if (typeof body !== 'object' || body === null || !('data' in body)) return undefined;
  const { data } = body;
  if (typeof data !== 'object' || data === null || !('resultType' in data) || !('result' in data))
    return undefined;
  return typeof data.resultType === 'string' && Array.isArray(data.result)
    ? { resultType: data.resultType, result: data.result }
    : undefined;
}

/** Series of a matrix or vector. @param step seconds between points: a longer hole becomes a gap */
export function toFrames(
  { resultType, result }: Answer,
  target: TargetModel,
  step: number,
): readonly Frame[] {
  const frame = (labels: Labels, points: readonly Point[]): Frame => ({
    refId: target.refId,
    name: legendText(target.legendFormat, labels),
    labels,
    points,
  });
  if (resultType === 'matrix')
    return (result as readonly { metric: Labels; values: readonly (readonly [number, string])[] }[]).map(
      ({ metric, values }) => frame(metric, withGaps(values.map(toPoint), step)),
    );
  if (resultType === 'vector')
    return (result as readonly { metric: Labels; value: readonly [number, string] }[]).map(
      ({ metric, value }) => frame(metric, [toPoint(value)]),
    );
  if (resultType === 'scalar') return [frame({}, [toPoint(result as unknown as readonly [number, string])])];
  return [];
}

function toPoint([seconds, text]: readonly [number, string]): Point {
  const value = Number(text.replace(/^([+-]?)Inf$/, '$1Infinity'));
  return [seconds * 1000, Number.isNaN(value) ? null : value];
}

function withGaps(points: readonly Point[], step: number): readonly Point[] {
  return points.flatMap((point, index) => {
    const next = points[index + 1];
    return next && next[0] - point[0] > step * 1500
      ? [point, [point[0] + step * 1000, null] as const]
      : [point];
  });
}

/** Log lines of a Loki answer, the newest first. */
export function toLines({ resultType, result }: Answer): readonly LogLine[] {
  if (resultType !== 'streams') return [];
  return (result as readonly { stream: Labels; values: readonly LokiValue[] }[])
    .flatMap(({ stream, values }) =>
      values.map(([nanoseconds, line, { structuredMetadata, parsed } = {}]) => ({
        ...{ nanoseconds, line, labels: stream },
        ...(structuredMetadata && { metadata: structuredMetadata }),
        ...(parsed && { parsed }),
      })),
    )
    .sort((left, right) => compareNanoseconds(right.nanoseconds, left.nanoseconds));
}

const compareNanoseconds = (left: string, right: string): number =>
  left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);

export const lineTime = ({ nanoseconds }: LogLine): number => Number(nanoseconds.slice(0, -6));

/** The last value that is a number. */
export const lastValue = ({ points }: Frame): number | null =>
  points.findLast(([, value]) => value !== null)?.[1] ?? null;
