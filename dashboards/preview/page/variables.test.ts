import { expect, it } from 'vitest';
import { renderQuery } from '../../../telemetry/query/query.ts';
import { savedQueries } from '../../queries/index.ts';
import { queriesOf, savedQueryUrl, sourceOf } from '../../queries/saved-query.ts';
import { explorePath, parseExplore, readExplore } from './explore-link.ts';
import type { Ask } from './load.ts';
import type { DashboardModel } from './model.ts';
import { chosenFrom, resolveVariables, toParameters, valuesOf } from './variable-values.ts';

const dashboard: DashboardModel = {
  uid: 'x',
  title: 'X',
  panels: [],
  annotations: {},
  templating: {
    list: [
      {
        name: 'namespace',
        type: 'query',
        query: 'label_values(up, namespace)',
        includeAll: true,
        multi: true,
        allValue: '.*',
      },
      {
        name: 'service',
        type: 'query',
        query: { query: 'label_values(up{namespace=~"$namespace"}, service)' },
        includeAll: true,
        multi: true,
      },
      { name: 'search', type: 'textbox' },
    ],
  },
};
const range = { from: 0, to: 1000 };

it('variables are resolved in their order, and the URL says what is chosen', async () => {
  const asked: string[] = [];
  const ask: Ask = (_, path, parameters) => {
    asked.push(`${path} ${parameters['match[]']}`);
    return Promise.resolve({ data: path.includes('service') ? ['b', 'a'] : ['tasks'] });
  };
  const url = new URLSearchParams('var-namespace=tasks&var-service=All&orgId=1');
  const resolved = await resolveVariables(dashboard, chosenFrom(dashboard, url), range, ask);
  expect(asked).toEqual([
    '/api/v1/label/namespace/values up',
    '/api/v1/label/service/values up{namespace=~"tasks"}',
  ]);
  const values = valuesOf(resolved);
  expect(values.get('namespace')).toEqual({ values: ['tasks'], pattern: true });
  expect(values.get('service')).toEqual({ values: ['a', 'b'], pattern: true });
  expect(values.get('search')).toEqual({ values: [''], pattern: false });
  expect(new URLSearchParams(toParameters(resolved).map((pair) => [...pair])).toString()).toBe(
    'var-namespace=tasks&var-service=All',
  );
});

it('a variable drops what is no longer its own when one before it changes, and only then', async () => {
  const ask: Ask = (_, path) => Promise.resolve({ data: path.includes('service') ? ['c', 'd'] : ['tasks'] });
  const url = new URLSearchParams('var-namespace=tasks&var-service=a&var-service=c');
  const chosen = chosenFrom(dashboard, url);
  const services = async (changed?: string) =>
    (await resolveVariables(dashboard, chosen, range, ask, changed))[1]?.chosen;
  expect(await services()).toEqual(['a', 'c']);
  expect(await services('namespace')).toEqual(['c']);
  const gone = new Map([...chosen, ['service', ['a']] as const]);
  const [, service] = await resolveVariables(dashboard, gone, range, ask, 'namespace');
  expect(service?.chosen).toEqual(['$__all']);
});

it('a variable without All starts with its first value, and one of its own is not in the URL', async () => {
  const own: DashboardModel = {
    ...dashboard,
    templating: {
      list: [
        { name: 'one', type: 'custom', query: 'x, y' },
        { name: 'fixed', type: 'custom', query: 'z', skipUrlSync: true, current: { text: 'z', value: 'z' } },
      ],
    },
  };
  const ask: Ask = () => Promise.reject(new Error('not asked'));
  const chosen = chosenFrom(own, new URLSearchParams('var-fixed=other'));
  const resolved = await resolveVariables(own, chosen, range, ask);
  expect(toParameters(resolved)).toEqual([['var-one', 'x']]);
  expect(valuesOf(resolved).get('fixed')?.values).toEqual(['z']);
});

it('a variable whose values cannot be had takes whatever has the label', async () => {
  const ask: Ask = () => Promise.reject(new Error('down'));
  const resolved = await resolveVariables(
    dashboard,
    chosenFrom(dashboard, new URLSearchParams()),
    range,
    ask,
  );
  expect(valuesOf(resolved).get('namespace')).toMatchObject({ raw: '.*' });
  expect(valuesOf(resolved).get('service')).toMatchObject({ raw: '.+' });
});

it('Explore links of Grafana are read, those of the preview are read back, and nonsense gives an empty query', () => {
  const panes = {
    a1b: {
      datasource: 'loki',
      queries: [{ refId: 'A', datasource: { type: 'loki', uid: 'loki' }, expr: '{a="b"}' }],
      range: { from: 'now-2h', to: 'now' },
    },
  };
  expect(readExplore(new URLSearchParams({ panes: JSON.stringify(panes) }))).toEqual({
    queries: [{ source: 'loki', exprs: ['{a="b"}'], from: 'now-2h', to: 'now' }],
  });
  const path = explorePath('prometheus', ['up', 'down'], { from: 1, to: 2 });
  expect(parseExplore(new URL(path, 'http://x').searchParams)[0]).toEqual({
    source: 'prometheus',
    exprs: ['up', 'down'],
    from: '1',
    to: '2',
  });
  for (const [wrong, said] of [
    ['{"a":', 'not the JSON'],
    ['[]', 'not the JSON'],
    ['{"a":1}', 'not the JSON'],
    ['{"a":{"datasource":"tempo"}}', '“tempo”'],
    ['{"a":{"datasource":"loki"},"b":{"datasource":"loki"},"c":{"datasource":"loki"}}', '3 panes'],
  ] as const) {
    const { queries, problem } = readExplore(new URLSearchParams({ panes: wrong }));
    expect(queries.length).toBeGreaterThan(0);
    expect(problem).toContain(said);
  }
});

it('every saved query opens here as what it is, two side by side where it has something beside it', () => {
  for (const saved of savedQueries) {
    const [query, beside] = queriesOf(saved).map((one) => ({
      source: sourceOf(one),
      exprs: [renderQuery(one)],
    }));
    const { queries, problem } = readExplore(
      new URL(savedQueryUrl(saved, { split: true }), 'http://x').searchParams,
    );
    expect(problem).toBeUndefined();
    expect(queries).toMatchObject(beside ? [query, beside] : [query]);
  }
});
