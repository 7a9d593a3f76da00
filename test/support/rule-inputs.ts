import { parser } from '@grafana/lezer-logql';
import { descendants } from '../../telemetry/query/logql-tree.ts';
import { type LabelMatcher, parsePromql, selectorsIn } from '../../telemetry/query/promql-tree.ts';

/** What a rule reads: series by their name, or log streams, and the matchers that choose among them. */
export interface RuleInput {
  readonly rule: string;
  /** Empty for log streams. */
  readonly metric: string;
  readonly matchers: readonly LabelMatcher[];
}

interface RuleQuery {
  readonly name: string;
  readonly query: string;
}

export function promqlInputs({ name, query }: RuleQuery): readonly RuleInput[] {
  const tree = parsePromql(query);
  if (!tree) throw new Error(`the query of ${name} has a syntax error: ${query}`);
  return selectorsIn(tree).map((selector) => ({
    rule: name,
    metric: selector.name ?? '',
    matchers: selector.matchers,
  }));
}

export function logqlInputs({ name, query }: RuleQuery): readonly RuleInput[] {
  const selectors = descendants(parser.parse(query).topNode, 'Selector');
  if (selectors.length === 0) throw new Error(`the query of ${name} reads no stream: ${query}`);
  // A stream selector is written as PromQL writes a selector without a name.
  return selectors.flatMap(({ from, to }) => promqlInputs({ name, query: query.slice(from, to) }));
}

export const selectorText = ({ metric, matchers }: Pick<RuleInput, 'metric' | 'matchers'>): string =>
  `${metric}{${matchers.map(({ label, operator, value }) => `${label}${operator}${JSON.stringify(value)}`).join(', ')}}`;

/** The input without the matchers on labels of which some values come only with an event, such as a failure. */
export const apartFrom = (labels: readonly string[], input: RuleInput): RuleInput => ({
  ...input,
  matchers: input.matchers.filter(({ label }) => !labels.includes(label)),
});
