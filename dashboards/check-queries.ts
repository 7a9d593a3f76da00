import type { Problem } from '../telemetry/errors.ts';
import { checkLogql } from '../telemetry/query/check-logql.ts';
import { checkPromql, type QueryProblem } from '../telemetry/query/check-promql.ts';
import { type Placed, text } from './placed.ts';

/** PromQL as text, with its series and labels looked up in the contract and the catalogue. */
export const checkPromqlReferences = (expr: string): readonly QueryProblem[] =>
  checkPromql({ language: 'promql', parts: [{ kind: 'text', text: expr }] });

/** LogQL as text, with its labels and fields looked up in the contract. */
const checkLogqlReferences = (expr: string): readonly QueryProblem[] =>
  checkLogql({ language: 'logql', parts: [{ kind: 'text', text: expr }] });

/** Every query of a panel: parsed, typed, and naming only what exists. */
export function queryProblems({ panel, where }: Placed): readonly Problem[] {
  return (panel.targets ?? []).flatMap((target) => {
    const expr = text(target, 'expr');
    const type = text((target as { readonly datasource?: unknown }).datasource, 'type');
    const problems = type === 'loki' ? checkLogqlReferences(expr) : checkPromqlReferences(expr);
    return problems.map(
      ({ message, excerpt }): Problem => ({
        code: 'SL1604',
        what: `${message}: ${excerpt}`,
        where: `${where}, query ${text(target, 'refId')}`,
        fix: 'mend the query; series and labels are declared in telemetry/',
      }),
    );
  });
}
