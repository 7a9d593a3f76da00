import { createRequire } from 'node:module';
import type { SyntaxNodeRef, Tree } from '@lezer/common';
import { SightlineError } from '../errors.ts';

/** A duration as Prometheus writes it: `90s`, `5m`, `1h30m`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd' | 'w' | 'y'}`;

const milliseconds = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
} as const;

const wholeDuration = /^(?:\d+(?:ms|[smhdwy]))+$/;

/** Milliseconds of a Prometheus duration, compound ones included; undefined when the text is none. */
export function durationMs(text: string): number | undefined {
  if (!wholeDuration.test(text)) return undefined;
  return [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * milliseconds[unit as keyof typeof milliseconds],
    0,
  );
}

/** The duration divided by `factor`, not under 100 ms (zero stays zero), in the largest unit that is exact. */
export function scaleDuration(text: string, factor: number): string {
  const ms = durationMs(text);
  if (ms === undefined)
    throw new SightlineError('SL1510', {
      what: `${text} is not a Prometheus duration`,
      where: 'scaling of time',
      fix: 'write an amount and a unit, such as 30s, 5m or 1h30m',
    });
  return factor === 1 ? text : formatMs(scaleMs(ms, factor));
}

/** Below this (milliseconds) the timers of Prometheus and Alertmanager are too coarse for proportions to hold. */
const shortestMs = 100;

const scaleMs = (ms: number, factor: number): number =>
  ms === 0 ? 0 : Math.max(shortestMs, Math.round(ms / factor));

/** The largest of the units up to hours that leaves no remainder. */
function formatMs(ms: number): string {
  if (ms === 0) return '0s';
  const unit = (['h', 'm', 's'] as const).find((candidate) => ms % milliseconds[candidate] === 0) ?? 'ms';
  return `${ms / milliseconds[unit]}${unit}`;
}

/** Whether a node is a range, a subquery's step or an offset, rather than a value that a query compares with. */
const isDuration = {
  promql: ({ name }: SyntaxNodeRef) => name === 'NumberDurationLiteralInDurationContext',
  logql: ({ name, node }: SyntaxNodeRef) =>
    name === 'Duration' && ['Range', 'OffsetExpr'].includes(node.parent?.name ?? ''),
} as const;

const require = createRequire(import.meta.url);
const parserOf = (grammar: string): { parse(text: string): Tree } => require(grammar).parser;

/** The grammars take 20 ms to load, and only tests scale time. */
const parse = {
  promql: (text) => parserOf('@prometheus-io/lezer-promql').parse(text),
  logql: (text) => parserOf('@grafana/lezer-logql').parse(text),
} as const satisfies Record<string, (text: string) => Tree>;

/**
 * The query with each range, subquery step and offset divided by `factor`, so that a test can live through an
 * incident in seconds. Label values and numbers that merely look like durations stay as they are.
 */
export function scaleQueryTime(
  text: string,
  factor: number,
  language: keyof typeof parse = 'promql',
): string {
  if (factor === 1) return text;
  let scaled = '';
  let copied = 0;
  parse[language](text).iterate({
    enter: (node) => {
      const { type, from, to } = node;
      if (type.isError)
        throw new SightlineError('SL1510', {
          what: `the query has a syntax error at character ${from}`,
          where: text,
          fix: 'mend the query; `npm run check` shows all of them',
        });
      if (!isDuration[language](node)) return;
      const literal = text.slice(from, to);
      // A plain number where a duration is due means seconds.
      const duration = Number.isNaN(Number(literal)) ? literal : `${Number(literal) * 1000}ms`;
      scaled += text.slice(copied, from) + scaleDuration(duration, factor);
      copied = to;
    },
  });
  return scaled + text.slice(copied);
}
