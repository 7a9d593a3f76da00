import { describe, expect, it } from 'vitest';
import { parseExplore } from './preview/page/explore-link.ts';
import { interpolateLink, type Values } from './preview/page/interpolate.ts';
import { savedQueries } from './queries/index.ts';
import { parameters } from './queries/parameters.ts';
import { expressionOf, queriesOf } from './queries/saved-query.ts';
import { queryLibrary } from './query-library.ts';

const contents = queryLibrary()
  .sections.flatMap(({ panels }) => panels)
  .map(({ panel }) => (panel.build().options as { content: string }).content)
  .join('\n');

/** As somebody left the variables who changed nothing. */
const values: Values = new Map(
  Object.entries(parameters).map(([name, { example }]) => [
    name === 'service' ? 'one_service' : name,
    { values: [encodeURIComponent(example)], pattern: false },
  ]),
);

/** The queries behind a link, once its variables are filled in. */
function opened(link: string): readonly string[] {
  const filled = interpolateLink(link, {}, { values, range: { from: 1000, to: 2000 }, step: 15 });
  return parseExplore(new URL(filled, 'http://grafana.example').searchParams).flatMap(({ exprs }) => exprs);
}

describe('the query library', () => {
  it.each(savedQueries.map((saved) => [saved.id, saved] as const))('opens %s, and says when', (_, saved) => {
    const row = contents.split('\n').find((line) => line.includes(`[${saved.title}](`)) ?? '';
    const [query, ...beside] = [...row.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
    expect(opened(query ?? '')).toEqual([expressionOf(saved)]);
    expect(beside).toHaveLength(saved.beside ? 1 : 0);
    for (const link of beside) expect(opened(link)).toHaveLength(queriesOf(saved).length);
    for (const words of [saved.question, saved.whenToUse, ...saved.alerts])
      expect(row).toContain(words.replaceAll('|', '\\|'));
  });
});
