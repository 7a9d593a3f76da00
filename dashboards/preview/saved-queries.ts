import { SightlineError } from '../../telemetry/errors.ts';
import { renderQuery } from '../../telemetry/query/query.ts';
import { savedQueries, savedQueriesByTopic } from '../queries/index.ts';
import { parameters } from '../queries/parameters.ts';
import { type GivenValues, queriesOf, savedQueryUrl, sourceOf } from '../queries/saved-query.ts';
import type { ListedQuery } from './page/model.ts';

/** Every saved query with all that the Explore page shows of it. */
export const listQueries = (): readonly ListedQuery[] =>
  Object.entries(savedQueriesByTopic).flatMap(([topic, queries]) =>
    queries.map((saved) => {
      const [query, beside] = queriesOf(saved);
      return {
        id: saved.id,
        topic,
        title: saved.title,
        question: saved.question,
        whenToUse: saved.whenToUse,
        alerts: saved.alerts,
        source: query ? sourceOf(query) : 'loki',
        expr: query ? renderQuery(query) : '',
        hasBeside: beside !== undefined,
        parameters: saved.parameters.map((name) => ({
          name,
          description: parameters[name].description,
          example: parameters[name].example,
        })),
      };
    }),
  );

/**
 * Where Explore shows a saved query. @param values of its parameters; `split` asks for what is to be seen beside it
 * @throws SightlineError SL1632 when there is none of that id, or a value is not allowed
 */
export function queryUrl(id: string, given: URLSearchParams): string {
  const saved = savedQueries.find((query) => query.id === id);
  if (!saved)
    throw new SightlineError('SL1632', {
      what: `there is no saved query “${id.slice(0, 100)}”`,
      where: 'the preview',
      fix: 'choose one of the list at /explore',
    });
  const values: GivenValues = Object.fromEntries([...given].filter(([name]) => name !== 'split'));
  return savedQueryUrl(saved, { values, split: given.get('split') === 'yes' });
}
