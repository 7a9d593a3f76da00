import type { Problem } from '../../telemetry/errors.ts';
import { checkLogql } from '../../telemetry/query/check-logql.ts';
import { checkPromql } from '../../telemetry/query/check-promql.ts';
import { type Query, renderQuery } from '../../telemetry/query/query.ts';
import { variablesOf } from '../../telemetry/query/variables.ts';
import { type ParameterName, parameters } from './parameters.ts';
import { queriesOf, type SavedQuery, sourceOf } from './saved-query.ts';

const idForm = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** Shorter texts say nothing that the query does not. In characters. */
const shortestText = 20;

/** What keeps a saved query from being used: of each, and among all. */
export function checkSavedQueries(all: readonly SavedQuery[]): readonly Problem[] {
  return all.flatMap((saved, index) => [
    ...idProblems(saved, all.slice(0, index)),
    ...textProblems(saved),
    ...parameterProblems(saved),
    ...queriesOf(saved).flatMap((query) => queryProblems(saved, query)),
  ]);
}

const whereIs = ({ id }: SavedQuery): string => `saved query ${id}`;

function idProblems(saved: SavedQuery, before: readonly SavedQuery[]): Problem[] {
  const where = whereIs(saved);
  const fix = 'give it an id of its own: lower-case words joined by hyphens';
  return [
    ...(idForm.test(saved.id)
      ? []
      : [{ code: 'SL1633' as const, what: `${JSON.stringify(saved.id)} is no id`, where, fix }]),
    ...(before.some(({ id }) => id === saved.id)
      ? [{ code: 'SL1633' as const, what: 'another saved query has the same id', where, fix }]
      : []),
    ...(before.some(({ title }) => title === saved.title)
      ? [
          {
            code: 'SL1633' as const,
            what: `another saved query has the title ${JSON.stringify(saved.title)}`,
            where,
            fix: 'give it a title by which it can be told from the others',
          },
        ]
      : []),
  ];
}

function textProblems(saved: SavedQuery): Problem[] {
  const texts = { question: saved.question, whenToUse: saved.whenToUse };
  const short = Object.entries(texts).filter(([, text]) => text.trim().length < shortestText);
  const empty = saved.title.trim() === '' ? ['title'] : [];
  return [...empty, ...short.map(([name]) => name)].map((name) => ({
    code: 'SL1633',
    what: `its ${name} is missing, or says too little`,
    where: whereIs(saved),
    fix: 'write it for somebody who sees the query for the first time, at night',
  }));
}

/** A parameter whose value is nowhere in the query only looks as if it narrowed it. */
function parameterProblems(saved: SavedQuery): Problem[] {
  const [query] = queriesOf(saved);
  const text = query ? renderQuery(query) : '';
  const unused = (name: ParameterName): boolean => !text.includes(parameters[name].example);
  return saved.parameters.filter(unused).map((name) => ({
    code: 'SL1632',
    what: `the query does not use its parameter ${name}`,
    where: whereIs(saved),
    fix: 'use it, or leave it out of `parameters`',
  }));
}

function queryProblems(saved: SavedQuery, query: Query): Problem[] {
  const text = renderQuery(query);
  const problems =
    query.language === 'logql'
      ? checkLogql({ language: 'logql', parts: query.parts })
      : checkPromql({ language: 'promql', parts: query.parts });
  const variables = variablesOf(text).map((name) => ({
    message: `Explore has no dashboard variables, and would ask for $${name} literally`,
    excerpt: `$${name}`,
  }));
  return [...problems, ...variables].map(({ message, excerpt }) => ({
    code: 'SL1631',
    what: `${sourceOf(query) === 'loki' ? 'LogQL' : 'PromQL'}: ${message}: ${excerpt}`,
    where: whereIs(saved),
    fix: 'name what telemetry/contract declares; a text in back quotes is not looked into',
  }));
}
