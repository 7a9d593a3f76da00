import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { deadMatchers } from '../../telemetry/query/dead-matchers.ts';
import { satisfies } from '../../telemetry/query/series-facts.ts';
import { type Asked, type Finding, treeOf } from './asked.ts';

/** Queries whose matchers no series can satisfy, by the values that the contract declares. */
export function neverDataFindings(model: Dashboard, asked: readonly Asked[]): readonly Finding[] {
  const values = fixedVariables(model);
  return asked.flatMap((query) => {
    const tree = treeOf({ ...query, expr: withoutChoice(query.expr, values) }, values);
    const dead = (tree ? deadMatchers(tree) : []).filter(
      ({ matcher: { operator, value }, values: declared }) =>
        !operator.startsWith('!') && !declared.some((one) => satisfies(one, operator, value)),
    );
    return dead.map(({ selector, matcher, values: declared }) => ({
      what: `it can never show data: ${matcher.value} is no ${matcher.label} of ${selector.name ?? 'log streams'}`,
      where: query.where,
      fix: `use one of: ${declared.join(', ')}`,
    }));
  });
}

/** Variables that nobody can change. */
function fixedVariables({ templating }: Dashboard): ReadonlyMap<string, string> {
  const fixed = (templating.list ?? []).filter(({ hide, type }) => hide === 2 && type === 'custom');
  return new Map(fixed.map(({ name, current }) => [name, String(current?.value ?? '')]));
}

/** A matcher on what a person chooses says nothing about what can be. */
const withoutChoice = (expr: string, fixed: ReadonlyMap<string, string>): string =>
  expr.replace(/"\$\{?(\w+)\}?"/g, (whole, name: string) => (fixed.has(name) ? whole : '".*"'));
