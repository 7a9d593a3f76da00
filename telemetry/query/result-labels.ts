import { type Aggregation, type Binary, type Call, type Expression, parsePromql } from './promql-tree.ts';
import { labelsOfSeries } from './series.ts';

type Labels = ReadonlySet<string>;

const none: Labels = new Set();
const unlabelled = new Set(['vector', 'time', 'scalar', 'pi', 'absent', 'absent_over_time']);
const setOperators = new Set(['and', 'or', 'unless']);

/** The labels that a PromQL text's results may carry, as far as aggregations and matching tell. */
export function resultLabels(query: string): Labels {
  const tree = parsePromql(query);
  return tree ? labelsOf(tree) : none;
}

const known = new WeakMap<Expression, Labels>();

/** The same of a tree. Many checks ask for the same ones. */
export function labelsOf(expression: Expression): Labels {
  const labels = known.get(expression) ?? compute(expression);
  known.set(expression, labels);
  return labels;
}

function compute(expression: Expression): Labels {
  switch (expression.kind) {
    case 'selector':
      return (expression.name ? labelsOfSeries(expression.name) : undefined) ?? none;
    case 'range':
    case 'negation':
      return labelsOf(expression.operand);
    case 'aggregation':
      return ofAggregation(expression);
    case 'call':
      return ofCall(expression);
    case 'binary':
      return ofBinary(expression);
    case 'number':
    case 'string':
      return none;
  }
}

function ofAggregation({ operator, grouping, labels, operand, parameter }: Aggregation): Labels {
  // These choose among series, and leave their labels as they are.
  if (['topk', 'bottomk', 'limitk', 'limit_ratio'].includes(operator)) return labelsOf(operand);
  const kept = grouping === 'without' ? labelsOf(operand).difference(new Set(labels)) : new Set(labels);
  return operator === 'count_values' && parameter?.kind === 'string'
    ? kept.union(new Set([parameter.value]))
    : kept;
}

function ofCall({ name, args }: Call): Labels {
  if (unlabelled.has(name)) return none;
  const vector = args.map(labelsOf).find((labels) => labels.size > 0) ?? none;
  if (name === 'histogram_quantile') return vector.difference(new Set(['le']));
  const added = args[1];
  const adds = ['label_replace', 'label_join'].includes(name) && added?.kind === 'string';
  return adds ? vector.union(new Set([added.value])) : vector;
}

function ofBinary({ operator, matching, group, left: leftSide, right: rightSide }: Binary): Labels {
  const left = labelsOf(leftSide);
  const right = labelsOf(rightSide);
  if (operator === 'or') return left.union(right);
  if (setOperators.has(operator)) return left;
  if (left.size === 0 || right.size === 0) return left.union(right);
  if (group) return (group.side === 'left' ? left : right).union(new Set(group.include));
  return matching?.kind === 'on' ? new Set(matching.labels) : left.intersection(right);
}
