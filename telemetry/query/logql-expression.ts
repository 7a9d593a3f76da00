import { parser } from '@grafana/lezer-logql';
import type { SyntaxNode } from '@lezer/common';
import { descendants } from './logql-tree.ts';
import type { Aggregation, Binary, Expression, LabelMatcher, Range, Selector } from './promql-tree.ts';
import { remembered } from './remembered.ts';
import { durationMs } from './scale-time.ts';

/**
 * A LogQL metric query in the shape of PromQL's tree, so that a check reads both. A stream selector has no name; what
 * its pipeline filters by stands among its matchers. Undefined when it has a syntax error or selects lines only.
 */
export const parseLogql = remembered((query): Expression | undefined => {
  const root = parser.parse(query).topNode;
  let sound = true;
  root.cursor().iterate(({ type }) => {
    if (type.isError) sound = false;
  });
  const first = root.firstChild;
  return sound && first ? new Reader(query).expression(first) : undefined;
});

const binding: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '>': 3,
  '>=': 3,
  '<': 3,
  '<=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  '^': 6,
};

/** An operator between two operands, with what follows it. */
type Operator = Pick<Binary, 'operator' | 'bool' | 'matching' | 'group'>;

/** Operands with the operators between them. */
interface Chain {
  readonly operands: (Expression | undefined)[];
  readonly operators: Operator[];
}

class Reader {
  readonly #query: string;

  constructor(query: string) {
    this.#query = query;
  }

  expression(node: SyntaxNode): Expression | undefined {
    const text = this.#text(node);
    switch (node.name) {
      case 'BinOpExpr':
        return this.#binary(node);
      case 'VectorAggregationExpr':
        return this.#aggregation(node, node.getChild('VectorOp'), this.#inside(node.getChild('MetricExpr')));
      case 'RangeAggregationExpr':
        return this.#rangeAggregation(node);
      case 'LiteralExpr':
        return { kind: 'number', text, value: text };
      case 'VectorExpr': {
        const value = this.#text(node.getChild('Number'));
        return { kind: 'call', text, name: 'vector', args: [{ kind: 'number', text: value, value }] };
      }
      case 'LabelReplaceExpr': {
        const vector = this.#inside(node.getChild('MetricExpr'));
        const strings = node.getChildren('String').map((part): Expression => {
          const quoted = this.#text(part);
          return { kind: 'string', text: quoted, value: quoted.slice(1, -1) };
        });
        return { kind: 'call', text, name: 'label_replace', args: vector ? [vector, ...strings] : strings };
      }
      case 'LogExpr':
        return undefined;
      default:
        return this.#inside(node.getChild('Expr') ?? node.getChild('MetricExpr') ?? node.firstChild);
    }
  }

  #text(node: SyntaxNode | null | undefined): string {
    return node ? this.#query.slice(node.from, node.to) : '';
  }

  #inside(node: SyntaxNode | null): Expression | undefined {
    return node ? this.expression(node) : undefined;
  }

  #aggregation(
    node: SyntaxNode,
    operator: SyntaxNode | null,
    operand: Expression | undefined,
  ): Aggregation | undefined {
    const grouping = node.getChild('Grouping');
    const labels = grouping ? descendants(grouping, 'Identifier').map((label) => this.#text(label)) : [];
    const parameter = this.#text(node.getChild('Number'));
    return (
      operand && {
        kind: 'aggregation',
        text: this.#text(node),
        operator: this.#text(operator),
        grouping: grouping?.getChild('Without') ? 'without' : grouping ? 'by' : undefined,
        labels,
        parameter: parameter === '' ? undefined : { kind: 'number', text: parameter, value: parameter },
        operand,
      }
    );
  }

  #rangeAggregation(node: SyntaxNode): Expression | undefined {
    const lines = node.getChild('LogRangeExpr');
    const range = lines ? this.#range(lines) : undefined;
    const operator = node.getChild('RangeOp');
    if (!range || node.getChild('Grouping')) return this.#aggregation(node, operator, range);
    return { kind: 'call', text: this.#text(node), name: this.#text(operator), args: [range] };
  }

  #range(lines: SyntaxNode): Range {
    const offset = descendants(lines, 'OffsetExpr')[0];
    return {
      kind: 'range',
      text: this.#text(lines),
      operand: this.#selector(lines),
      rangeMs: durationMs(this.#text(descendants(lines, 'Range')[0]).slice(1, -1)) ?? 0,
      stepMs: undefined,
      ...(offset ? { modifier: this.#text(offset) } : {}),
    };
  }

  #selector(lines: SyntaxNode): Selector {
    const selector = descendants(lines, 'Selector')[0];
    const streams = (selector ? descendants(selector, 'Matcher') : []).map((matcher): LabelMatcher => {
      const value = this.#text(matcher.getChild('String'));
      const label = this.#text(matcher.getChild('Identifier'));
      const between = this.#text(matcher).slice(label.length);
      return {
        label,
        operator: between.slice(0, between.length - value.length).trim(),
        value: value.slice(1, -1).replaceAll('\\\\', '\\'),
      };
    });
    const stages = descendants(lines, 'PipelineStage').map(
      (stage): LabelMatcher => ({
        label: '',
        operator: '|',
        value: this.#text(stage),
      }),
    );
    return {
      kind: 'selector',
      text: this.#text(selector),
      name: undefined,
      matchers: [...streams, ...stages],
    };
  }

  /** The grammar nests operations as it likes: operands and operators are put in order by what binds closer. */
  #binary(node: SyntaxNode): Expression | undefined {
    const { operands, operators } = this.#flat(node);
    return operands.includes(undefined) ? undefined : climb(operands, operators, 0);
  }

  #flat(node: SyntaxNode): Chain {
    const [left, right] = node.getChildren('Expr').map((side) => this.#side(side));
    if (!left || !right) return { operands: [undefined], operators: [] };
    const between = this.#operator(node, node.getChild('Expr'));
    return {
      operands: [...left.operands, ...right.operands],
      operators: [...left.operators, between, ...right.operators],
    };
  }

  /** What stands in brackets is a whole: its node begins with them. */
  #side(side: SyntaxNode): Chain {
    const inner = side.getChild('MetricExpr')?.getChild('BinOpExpr');
    return inner ? this.#flat(inner) : { operands: [this.expression(side)], operators: [] };
  }

  #operator(node: SyntaxNode, left: SyntaxNode | null): Operator {
    const modifier = node.getChild('BinOpModifier');
    const matching = modifier?.getChild('OnOrIgnoringModifier');
    const side = modifier?.getChild('GroupLeft')
      ? 'left'
      : modifier?.getChild('GroupRight')
        ? 'right'
        : undefined;
    const labels = (list: SyntaxNode | null | undefined): readonly string[] =>
      list ? descendants(list, 'LabelName').map((label) => this.#text(label)) : [];
    return {
      operator: this.#text(left?.nextSibling),
      bool: modifier?.getChild('Bool') !== null && modifier?.getChild('Bool') !== undefined,
      matching: matching
        ? {
            kind: matching.getChild('On') ? 'on' : 'ignoring',
            labels: labels(matching.getChild('GroupingLabels')),
          }
        : undefined,
      group: side && { side, include: labels(modifier?.getChild('GroupingLabels')) },
    };
  }
}

/** Takes operands off the front as long as their operators bind at least as closely. */
function climb(
  operands: (Expression | undefined)[],
  operators: Operator[],
  least: number,
): Expression | undefined {
  let left = operands.shift();
  for (let next = operators[0]; left && next; next = operators[0]) {
    const strength = binding[next.operator] ?? 0;
    if (strength < least) break;
    operators.shift();
    const right = climb(operands, operators, next.operator === '^' ? strength : strength + 1);
    if (!right) return undefined;
    left = { kind: 'binary', text: `${left.text} ${next.operator} ${right.text}`, ...next, left, right };
  }
  return left;
}
