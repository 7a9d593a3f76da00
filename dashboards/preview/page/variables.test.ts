import { expect, it } from 'vitest';
import { explorePath, parseExplore } from './explore-link.ts';
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
  expect(parseExplore(new URLSearchParams({ panes: JSON.stringify(panes) }))).toEqual([
    { source: 'loki', exprs: ['{a="b"}'], from: 'now-2h', to: 'now' },
  ]);
  const path = explorePath('prometheus', ['up', 'down'], { from: 1, to: 2 });
  expect(parseExplore(new URL(path, 'http://x').searchParams)[0]).toEqual({
    source: 'prometheus',
    exprs: ['up', 'down'],
    from: '1',
    to: '2',
  });
  expect(parseExplore(new URLSearchParams({ panes: '{"a":' }))).toHaveLength(1);
});
