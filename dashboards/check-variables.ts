import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Problem } from '../telemetry/errors.ts';
import { variablesOf } from '../telemetry/query/variables.ts';
import { checkPromqlReferences } from './check-queries.ts';
import type { Placed } from './placed.ts';
import { stableJson } from './stable-json.ts';

/** Variables Grafana fills in by itself, beside the intervals. */
const grafanasOwn = /^__(?:all|from|to|field|value|series|data|dashboard|user|org|name|timezone)$/;

const labelValues = /^label_values\((.+), \w+\)$/;

/** Undeclared, unused, and twice declared variables, and queries of variables that cannot work. */
export function variableProblems(model: Dashboard, placed: readonly Placed[]): readonly Problem[] {
  const declared = (model.templating.list ?? []).map(({ name }) => name);
  const problem = (what: string, where: string, fix: string): Problem => ({
    code: 'SL1605',
    what,
    where,
    fix,
  });
  const own = String(model.uid);
  const elsewhere = [model.templating, model.annotations, model.links].map((part) => ({
    where: own,
    names: namesIn(part),
  }));
  const uses = [...placed.map(({ panel, where }) => ({ where, names: namesIn(panel) })), ...elsewhere];
  const used = new Set(uses.flatMap(({ names }) => names));
  return [
    ...uses.flatMap(({ where, names }) =>
      names
        .filter((name) => !declared.includes(name))
        .map((name) => problem(`$${name} is not declared`, where, 'declare it, or mend its name')),
    ),
    ...declared
      .filter((name) => !used.has(name))
      .map((name) =>
        problem(`$${name} is declared and used nowhere`, own, 'take it away, or use it in a query'),
      ),
    ...[...new Set(declared.filter((name, index) => declared.indexOf(name) !== index))].map((name) =>
      problem(`$${name} is declared twice`, own, 'keep one of them'),
    ),
    ...(model.templating.list ?? []).flatMap(({ name, definition }) =>
      definition === undefined
        ? []
        : checkPromqlReferences(labelValues.exec(definition)?.[1] ?? definition).map(
            ({ message, excerpt }) => ({
              ...problem(`${message}: ${excerpt}`, `${own}: $${name}`, 'mend the query of the variable'),
              code: 'SL1604' as const,
            }),
          ),
    ),
  ];
}

function namesIn(part: unknown): readonly string[] {
  return variablesOf(stableJson(part)).filter((name) => !grafanasOwn.test(name));
}
