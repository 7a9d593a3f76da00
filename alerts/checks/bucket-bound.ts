import { type LabelMatcher, selectorsIn } from '../../telemetry/query/promql-tree.ts';
import { ourMetric } from '../../telemetry/query/series-facts.ts';
import { ruleCheck } from './support/check.ts';

/** How Prometheus 3 writes the value of `le`, whatever the target wrote: a float, `1.0` and not `1`. */
function asStored(text: string): string {
  const value = text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text);
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-4))
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** The numbers that a matcher lists; none where its expression is more than a list of them. */
function numbersOf({ operator, value }: LabelMatcher): readonly string[] {
  const literals = operator.endsWith('~') ? value.replaceAll('\\.', '.').split('|') : [value];
  return literals.filter(
    (literal) => literal === '+Inf' || (literal !== '' && !Number.isNaN(Number(literal))),
  );
}

export const bucketBound = ruleCheck('bucket-bound', 'SL1542', ({ tree }) =>
  (tree ? selectorsIn(tree) : []).flatMap(({ name = '', text, matchers }) =>
    matchers
      .filter(({ label }) => label === 'le')
      .flatMap(numbersOf)
      .flatMap((bound) => {
        const buckets = ourMetric(name)?.buckets;
        if (bound !== asStored(bound))
          return [
            {
              what: `no bucket is called le="${bound}" in ${text}: Prometheus 3 stores le="${asStored(bound)}"`,
              fix: `write le="${asStored(bound)}"`,
            },
          ];
        return !buckets || bound === '+Inf' || buckets.includes(Number(bound))
          ? []
          : [
              {
                what: `${name} has no bucket le="${bound}"`,
                fix: `use one of ${buckets.map((value) => asStored(String(value))).join(', ')}`,
              },
            ];
      }),
  ),
);
