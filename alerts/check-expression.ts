import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { operands } from '../telemetry/query/promql-tree.ts';
import {
  type PromqlQuery,
  renderQuery,
  type ThresholdValues,
  thresholdsOf,
  withThresholds,
} from '../telemetry/query/query.ts';
import { durationMs } from '../telemetry/query/scale-time.ts';

const comparisons = ['Eql', 'EqlC', 'Neq', 'Gtr', 'Gte', 'Lss', 'Lte', 'Ltr'] as const;

/** No rule would write this number, so where it stands a threshold node was. */
const stand = 918_273_645.5;

/** Number literals that the query compares with, but for 0, 1 and what is a threshold or computed from the contract. */
export function bareNumbers(query: PromqlQuery): readonly string[] {
  const stands: ThresholdValues = Object.fromEntries(thresholdsOf(query).map((name) => [name, stand]));
  const parts = query.parts.map((part) => (part.kind === 'computed' ? { ...part, value: stand } : part));
  const text = renderQuery(withThresholds({ ...query, parts }, stands));
  const found: string[] = [];
  parser.parse(text).iterate({
    enter: ({ name, node }) => {
      if (name !== 'BinaryExpr' || !comparisons.some((operator) => node.getChild(operator))) return;
      const literals = operands(node)
        .flatMap(literalsOf)
        .map((literal) => text.slice(literal.from, literal.to));
      found.push(...literals.filter((literal) => ![0, 1, stand].includes(Number(literal))));
    },
  });
  return found;
}

/** Literals of an operand that is a number altogether; a factor that converts a series' unit is none of them. */
function literalsOf(node: SyntaxNode): readonly SyntaxNode[] {
  if (node.name === 'NumberDurationLiteral') return [node];
  if (!['ParenExpr', 'UnaryExpr', 'BinaryExpr'].includes(node.name)) return [];
  const parts = operands(node).map(literalsOf);
  return parts.every((literals) => literals.length > 0) ? parts.flat() : [];
}

const scrapeIntervalMs = 15_000;
const fewestScrapes = 4;
const rates = new Set(['rate', 'increase', 'irate', 'delta', 'deriv']);

/** Windows of rate functions that are too short to see four scrapes at the interval of the stack. */
export function shortRateWindows(query: string): readonly string[] {
  const found: string[] = [];
  parser.parse(query).iterate({
    enter: ({ name, node }) => {
      if (name !== 'MatrixSelector') return;
      let call: SyntaxNode | null = node.parent;
      while (call && call.name !== 'FunctionCall') call = call.parent;
      const identifier = call?.getChild('FunctionIdentifier');
      const range = node.getChild('DurationExpr');
      if (!identifier || !range || !rates.has(query.slice(identifier.from, identifier.to))) return;
      const window = query.slice(range.from, range.to);
      const ms = durationMs(window) ?? Number(window) * 1000;
      if (ms < fewestScrapes * scrapeIntervalMs) found.push(window);
    },
  });
  return found;
}
