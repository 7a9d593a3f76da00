import type { Asked, Finding } from './asked.ts';

const variable = { promql: '$__rate_interval', logql: '$__auto' } as const;

/**
 * Ranges of a fixed length in queries over time: zoomed out they skip samples between two points, and zoomed in they
 * blur. Those over the whole range shown, and those of subqueries, say what they mean.
 */
export function rangeFindings(asked: readonly Asked[]): readonly Finding[] {
  return asked.flatMap(({ expr, instant, language, where }) => {
    const fixed = instant ? [] : [...expr.matchAll(/\[(\d+\w+)\]/g)].map(([, length = '']) => length);
    return [...new Set(fixed)].map((length) => ({
      what: `a range of ${length}, whatever the time between two points of the graph`,
      where,
      fix: `use ${variable[language]}, which Grafana fills in`,
    }));
  });
}
