import { parser } from '@grafana/lezer-logql';
import type { SyntaxNode } from '@lezer/common';
import { descendants } from '../../telemetry/query/logql-tree.ts';
import { durationMs, scaleDuration } from '../../telemetry/query/scale-time.ts';
import { type Edit, withoutMember } from './edit.ts';

type Edits = (expr: string) => readonly Edit[];

const nodes = (expr: string, kind: string): readonly SyntaxNode[] =>
  descendants(parser.parse(expr).topNode, kind);

const replacing = (expr: string, { from, to }: SyntaxNode, text: string): Edit => ({
  change: `${expr.slice(from, to)} became ${text}`,
  pieces: [{ from, to, text }],
});

/** Numbers that results are compared with; nothing at all stays nothing however it is scaled. */
const thresholds = (expr: string): readonly SyntaxNode[] =>
  nodes(expr, 'BinOpExpr')
    .filter((node) => node.getChild('Gtr'))
    .flatMap((node) => node.getChildren('Expr'))
    .filter((side) => Number(expr.slice(side.from, side.to)) > 0);

const comparisons = (expr: string): readonly SyntaxNode[] =>
  nodes(expr, 'BinOpExpr').flatMap((node) => node.getChildren('Gtr'));

/** Stages that leave lines out; what guards against lines that cannot be read is none of them. */
const filters = (expr: string): readonly SyntaxNode[] =>
  nodes(expr, 'PipelineStage').filter(
    (stage) => stage.getChild('LineFilters') ?? stage.getChild('LabelFilter'),
  );

/** Ways to break a LogQL expression, one edit a place. */
export const logEdits = {
  flipped: (expr: string) => comparisons(expr).map((node) => replacing(expr, node, '<')),

  /** Lines are counted in whole numbers and never as none: with nothing as the boundary it would be the same rule. */
  boundaryMoved: (expr: string) =>
    thresholds(expr).length === 0 ? [] : comparisons(expr).map((node) => replacing(expr, node, '>=')),

  filterDropped: (expr: string) => [
    ...nodes(expr, 'Selector').flatMap((selector) => {
      const matchers = descendants(selector, 'Matcher');
      // A selector must not be empty.
      return matchers.length < 2
        ? []
        : matchers.map((matcher) => ({
            change: `the selector lost ${expr.slice(matcher.from, matcher.to)}`,
            pieces: [withoutMember(matchers, matcher)],
          }));
    }),
    ...filters(expr).map((stage) => ({
      change: `the pipeline lost ${expr.slice(stage.from, stage.to)}`,
      pieces: [{ from: stage.from, to: stage.to, text: '' }],
    })),
  ],

  groupingLabelDropped: (expr: string) => {
    const members = nodes(expr, 'Grouping').map((grouping) => descendants(grouping, 'Identifier'));
    const names = new Set(members.flat().map(({ from, to }) => expr.slice(from, to)));
    return [...names].map((name) => ({
      change: `the grouping lost ${name}`,
      pieces: members.flatMap((labels) =>
        labels
          .filter(({ from, to }) => expr.slice(from, to) === name)
          .map((label) => withoutMember(labels, label)),
      ),
    }));
  },

  thresholdTimes:
    (factor: number): Edits =>
    (expr) =>
      thresholds(expr).map((side) =>
        replacing(expr, side, String(Number(expr.slice(side.from, side.to)) * factor)),
      ),

  windowTimes:
    (factor: number): Edits =>
    (expr) =>
      nodes(expr, 'Range')
        .flatMap((range) => range.getChildren('Duration'))
        .filter(({ from, to }) => durationMs(expr.slice(from, to)) !== undefined)
        .map((node) => replacing(expr, node, scaleDuration(expr.slice(node.from, node.to), 1 / factor))),
} as const satisfies Record<string, Edits | ((factor: number) => Edits)>;
