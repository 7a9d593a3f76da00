import { h } from './dom.ts';
import { errorExcerpt, errorPlace } from './query-error.ts';

export interface QueryFailure {
  readonly expr: string;
  readonly reason: unknown;
}

/** Why a query failed, with the place in it that the data source names. */
export function queryFailure({ expr, reason }: QueryFailure): HTMLElement {
  const message = reason instanceof Error ? reason.message : String(reason);
  const place = errorPlace(message);
  const excerpt = place && errorExcerpt(expr, place);
  return h(
    'div',
    { class: 'query-failure' },
    h('p', { class: 'message error', role: 'alert' }, message),
    place && excerpt
      ? h(
          'pre',
          { tabindex: '0', 'aria-label': `Line ${place.line}, column ${place.column} of the query` },
          excerpt.before,
          h('mark', {}, excerpt.at),
          excerpt.after,
        )
      : undefined,
  );
}
