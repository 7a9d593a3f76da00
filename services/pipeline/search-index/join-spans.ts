import type { Place } from './index-reader.ts';

/** At most so many spans, newest first, that cover the given ones: those with the least between them become one. */
export function joinSpans(spans: readonly Place[], most: number): readonly Place[] {
  const gaps = spans
    .slice(1)
    .map((span, index) => ({ index: index + 1, gap: (spans[index]?.startMs ?? 0) - span.endMs }))
    .sort((a, b) => a.gap - b.gap);
  const joined = new Set(
    gaps.filter(({ gap }, rank) => gap <= 0 || rank < spans.length - most).map(({ index }) => index),
  );
  const made: Place[] = [];
  spans.forEach((span, index) => {
    const before = made.at(-1);
    if (before !== undefined && joined.has(index))
      made[made.length - 1] = {
        startMs: span.startMs,
        endMs: before.endMs,
        services: span.services && before.services?.union(span.services),
      };
    else made.push(span);
  });
  return made;
}
