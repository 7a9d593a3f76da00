import type { Span } from './index-reader.ts';

/** At most so many spans, newest first, that cover the given ones: those with the least between them become one. */
export function joinSpans(spans: readonly Span[], most: number): readonly Span[] {
  const gaps = spans
    .slice(1)
    .map((span, index) => ({ index: index + 1, gap: (spans[index]?.startMs ?? 0) - span.endMs }))
    .sort((a, b) => a.gap - b.gap);
  const joined = new Set(
    gaps.filter(({ gap }, rank) => gap <= 0 || rank < spans.length - most).map(({ index }) => index),
  );
  const made: Span[] = [];
  spans.forEach((span, index) => {
    const before = made.at(-1);
    if (before !== undefined && joined.has(index))
      made[made.length - 1] = { ...before, startMs: span.startMs };
    else made.push(span);
  });
  return made;
}
