import { describe, expect, it } from 'vitest';
import { parseLogql } from './logql-expression.ts';
import { type Expression, selectorsIn } from './promql-tree.ts';

/** What binds to what, in brackets. */
function shape(expression: Expression | undefined): string {
  switch (expression?.kind) {
    case 'binary':
      return `(${shape(expression.left)} ${expression.operator} ${shape(expression.right)})`;
    case 'aggregation':
      return `${expression.operator} ${expression.grouping} ${expression.labels.join()}: ${shape(expression.operand)}`;
    case 'call':
      return `${expression.name}: ${expression.args.map(shape).join()}`;
    case 'range':
      return `[${expression.rangeMs}${expression.modifier ? ` ${expression.modifier}` : ''}]`;
    default:
      return expression?.text ?? 'nothing';
  }
}

const a = 'rate({level="ERROR"}[5m])';

describe('the tree of a LogQL query', () => {
  it.each([
    [`${a} > 5`, '(rate: [300000] > 5)'],
    [
      `sum by (service) (${a}) / 2 > 1 or vector(0)`,
      '(((sum by service: rate: [300000] / 2) > 1) or vector: 0)',
    ],
    ['1 - 2 - 3 * 4 ^ 5 ^ 6', '((1 - 2) - (3 * (4 ^ (5 ^ 6))))'],
    ['1 - (2 - 3)', '(1 - (2 - 3))'],
    [
      `topk(3, sum(rate({level="ERROR"}[5m] offset 1h)))`,
      'topk undefined : sum undefined : rate: [300000 offset 1h]',
    ],
    ['quantile_over_time(0.9, {level="ERROR"} | unwrap d [5m]) by (x)', 'quantile_over_time by x: [300000]'],
    ['label_replace(vector(1), "a", "b", "", "")', 'label_replace: vector: 1,"a","b","",""'],
    ['{level="ERROR"}', 'nothing'],
    ['sum by (', 'nothing'],
  ])('%s is %s', (query, expected) => {
    expect(shape(parseLogql(query))).toBe(expected);
  });

  it('keeps how sides are matched', () => {
    const tree = parseLogql(`${a} > bool on (x) group_left (y) ${a}`);
    expect(tree).toMatchObject({
      bool: true,
      matching: { kind: 'on', labels: ['x'] },
      group: { side: 'left', include: ['y'] },
    });
  });

  it('has matchers and stages of a selector', () => {
    const tree = parseLogql('count_over_time({level=~"ERROR|CRITICAL", service!="a"} |= "x" | json y [1m])');
    expect(tree && selectorsIn(tree)).toMatchObject([
      {
        name: undefined,
        matchers: [
          { label: 'level', operator: '=~', value: 'ERROR|CRITICAL' },
          { label: 'service', operator: '!=', value: 'a' },
          { operator: '|', value: '|= "x"' },
          { operator: '|', value: '| json y' },
        ],
      },
    ]);
  });
});
