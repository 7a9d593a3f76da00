import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { remembered } from './remembered.ts';
import { durationMs } from './scale-time.ts';

export interface LabelMatcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

interface Node {
  /** As it stands in the query, its modifier included. */
  readonly text: string;
  /** `offset` and `@`, as written. */
  readonly modifier?: string;
}

export interface Selector extends Node {
  readonly kind: 'selector';
  /** Undefined where only matchers select. */
  readonly name: string | undefined;
  readonly matchers: readonly LabelMatcher[];
}
export interface Range extends Node {
  readonly kind: 'range';
  readonly operand: Expression;
  readonly rangeMs: number;
  /** Resolution of a subquery, 0 for the default one; undefined for a plain range. */
  readonly stepMs: number | undefined;
}
export interface Call extends Node {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
}
export interface Aggregation extends Node {
  readonly kind: 'aggregation';
  readonly operator: string;
  readonly grouping: 'by' | 'without' | undefined;
  readonly labels: readonly string[];
  /** The number of topk and quantile, the label of count_values. */
  readonly parameter: Expression | undefined;
  readonly operand: Expression;
}
export interface Binary extends Node {
  readonly kind: 'binary';
  readonly operator: string;
  readonly bool: boolean;
  readonly matching: { readonly kind: 'on' | 'ignoring'; readonly labels: readonly string[] } | undefined;
  readonly group: { readonly side: 'left' | 'right'; readonly include: readonly string[] } | undefined;
  readonly left: Expression;
  readonly right: Expression;
}
interface Negation extends Node {
  readonly kind: 'negation';
  readonly operand: Expression;
}
interface Literal extends Node {
  readonly kind: 'number' | 'string';
  readonly value: string;
}

/** A PromQL expression. Parentheses and a plus sign have done their work and are gone. */
export type Expression = Selector | Range | Call | Aggregation | Binary | Negation | Literal;

/** The tree of a query; undefined when it has a syntax error. */
export const parsePromql = remembered((query): Expression | undefined => {
  const tree = parser.parse(query);
  let sound = true;
  tree.iterate({
    enter: ({ type }) => {
      if (type.isError) sound = false;
    },
  });
  const root = tree.topNode.firstChild;
  return sound && root ? new Reader(query).expression(root) : undefined;
});

const expressions = new Set([
  'AggregateExpr',
  'BinaryExpr',
  'FunctionCall',
  'MatrixSelector',
  'NumberDurationLiteral',
  'OffsetExpr',
  'ParenExpr',
  'StepInvariantExpr',
  'StringLiteral',
  'SubqueryExpr',
  'UnaryExpr',
  'VectorSelector',
]);

/** The direct children of a syntax node that are expressions themselves. */
export function operands(node: SyntaxNode | null): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node?.firstChild; child; child = child.nextSibling)
    if (expressions.has(child.name)) found.push(child);
  return found;
}

class Reader {
  readonly #query: string;

  constructor(query: string) {
    this.#query = query;
  }

  expression(node: SyntaxNode): Expression | undefined {
    const text = this.#text(node);
    const inner = operands(node).flatMap((child) => this.expression(child) ?? []);
    const [first, second] = inner;
    switch (node.name) {
      case 'VectorSelector':
        return this.#selector(node);
      case 'MatrixSelector':
      case 'SubqueryExpr':
        return first && this.#range(node, first);
      case 'FunctionCall':
        return {
          kind: 'call',
          text,
          name: this.#text(node.getChild('FunctionIdentifier')),
          args: this.#inBody(node),
        };
      case 'AggregateExpr':
        return this.#aggregation(node);
      case 'BinaryExpr':
        return first && second && this.#binary(node, first, second);
      case 'NumberDurationLiteral':
        return { kind: 'number', text, value: text };
      case 'StringLiteral':
        return { kind: 'string', text, value: unquote(text) };
      case 'UnaryExpr':
        return text.startsWith('-') && first ? { kind: 'negation', text, operand: first } : first;
      case 'OffsetExpr':
      case 'StepInvariantExpr':
        return first && { ...first, text, modifier: text.slice(first.text.length).trim() };
      default:
        return first;
    }
  }

  #text(node: SyntaxNode | null): string {
    return node ? this.#query.slice(node.from, node.to) : '';
  }

  #inBody(node: SyntaxNode): readonly Expression[] {
    return operands(node.getChild('FunctionCallBody')).flatMap((child) => this.expression(child) ?? []);
  }

  #labels(node: SyntaxNode | null | undefined): readonly string[] {
    return node?.getChildren('LabelName').map((label) => this.#text(label)) ?? [];
  }

  #selector(node: SyntaxNode): Selector {
    const list = node.getChild('LabelMatchers');
    const all = [
      ...(list?.getChildren('UnquotedLabelMatcher') ?? []),
      ...(list?.getChildren('QuotedLabelMatcher') ?? []),
    ].map((matcher) => ({
      label:
        this.#text(matcher.getChild('LabelName')) || unquote(this.#text(matcher.getChild('QuotedLabelName'))),
      operator: this.#text(matcher.getChild('MatchOp')),
      value: unquote(this.#text(matcher.getChild('StringLiteral'))),
    }));
    const quoted = list?.getChild('QuotedLabelName');
    const byMatcher = all.find(({ label, operator }) => label === '__name__' && operator === '=')?.value;
    return {
      kind: 'selector',
      text: this.#text(node),
      name: this.#text(node.getChild('Identifier')) || (quoted ? unquote(this.#text(quoted)) : byMatcher),
      matchers: all.filter(({ label }) => label !== '__name__'),
    };
  }

  #range(node: SyntaxNode, operand: Expression): Range {
    const [range, step] = node.getChildren('DurationExpr').map((part) => milliseconds(this.#text(part)));
    return {
      kind: 'range',
      text: this.#text(node),
      operand,
      rangeMs: range ?? 0,
      stepMs: node.name === 'SubqueryExpr' ? (step ?? 0) : undefined,
    };
  }

  #aggregation(node: SyntaxNode): Aggregation | undefined {
    const modifier = node.getChild('AggregateModifier');
    const args = this.#inBody(node);
    const operand = args.at(-1);
    return (
      operand && {
        kind: 'aggregation',
        text: this.#text(node),
        operator: this.#text(node.getChild('AggregateOp')),
        grouping: modifier?.getChild('Without') ? 'without' : modifier?.getChild('By') ? 'by' : undefined,
        labels: this.#labels(modifier?.getChild('GroupingLabels')),
        parameter: args.length > 1 ? args[0] : undefined,
        operand,
      }
    );
  }

  #binary(node: SyntaxNode, left: Expression, right: Expression): Binary {
    const [leftNode] = operands(node);
    const clause = node.getChild('MatchingModifierClause');
    const lists = clause?.getChildren('GroupingLabels') ?? [];
    const matching = clause?.getChild('On') ? 'on' : clause?.getChild('Ignoring') ? 'ignoring' : undefined;
    const side = clause?.getChild('GroupLeft')
      ? 'left'
      : clause?.getChild('GroupRight')
        ? 'right'
        : undefined;
    return {
      kind: 'binary',
      text: this.#text(node),
      operator: this.#text(leftNode?.nextSibling ?? null),
      bool: node.getChild('BoolModifier') !== null,
      matching: matching && { kind: matching, labels: this.#labels(lists[0]) },
      group: side && { side, include: this.#labels(lists[1]) },
      left,
      right,
    };
  }
}

/** A plain number where a duration is due means seconds. */
const milliseconds = (text: string): number => durationMs(text) ?? Number(text) * 1000;

function unquote(text: string): string {
  const inner = text.slice(1, -1);
  return text.startsWith('`')
    ? inner
    : inner.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

/** The expressions that one is made of. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'call':
      return expression.args;
    case 'aggregation':
      return expression.parameter ? [expression.parameter, expression.operand] : [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'range':
    case 'negation':
      return [expression.operand];
    case 'selector':
    case 'number':
    case 'string':
      return [];
  }
}

const listed = new WeakMap<Expression, readonly Expression[]>();

/** The expression and all that it is made of, outer ones first. */
export function expressionsIn(expression: Expression): readonly Expression[] {
  const all = listed.get(expression) ?? [expression, ...partsOf(expression).flatMap(expressionsIn)];
  listed.set(expression, all);
  return all;
}

export const selectorsIn = (expression: Expression): readonly Selector[] =>
  expressionsIn(expression).filter((part) => part.kind === 'selector');

const comparisons = new Set(['==', '!=', '>', '>=', '<', '<=']);

/** Whether it compares, `bool` or not. */
export const isComparison = (expression: Expression): expression is Binary =>
  expression.kind === 'binary' && comparisons.has(expression.operator);

const arithmetic = new Set(['+', '-', '*', '/', '%', '^', 'atan2']);

export const isArithmetic = (expression: Expression): expression is Binary =>
  expression.kind === 'binary' && arithmetic.has(expression.operator);

/** Whether it is a number however the series are: literals, and arithmetic of them. */
export function isScalar(expression: Expression): boolean {
  if (expression.kind === 'number') return true;
  if (expression.kind === 'call') return ['time', 'pi', 'scalar'].includes(expression.name);
  if (expression.kind === 'binary') return isScalar(expression.left) && isScalar(expression.right);
  return expression.kind === 'negation' && isScalar(expression.operand);
}
