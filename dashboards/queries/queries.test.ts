import { describe, expect, it } from 'vitest';
import { logql, promql, series, stream } from '../../telemetry/query/query.ts';
import { parseExplore } from '../preview/page/explore-link.ts';
import { checkSavedQueries } from './check.ts';
import { savedQueries } from './index.ts';
import { parameters } from './parameters.ts';
import {
  expressionOf,
  queriesOf,
  type SavedQuery,
  savedQuery,
  savedQueryUrl,
  savedQueryUrlWithHoles,
  sourceOf,
} from './saved-query.ts';

const sound = savedQuery({
  id: 'sound',
  title: 'Sound',
  question: 'What does one user see of it all?',
  whenToUse: 'Whenever somebody asks for that.',
  alerts: [],
  parameters: ['user_id'],
  query: ({ user_id }) =>
    logql`${stream({ service: 'sync' })} | user_id = ${{ language: 'logql', parts: [{ kind: 'text', text: JSON.stringify(user_id) }] }}`,
});
const found = (...queries: readonly SavedQuery[]) =>
  checkSavedQueries(queries).map(({ code, what, where }) => `${code} ${where}: ${what}`);
const byId = (id: string): SavedQuery => {
  const saved = savedQueries.find((each) => each.id === id);
  if (!saved) throw new Error(`there is no saved query ${id}`);
  return saved;
};

describe('saved queries', () => {
  it('pass their checks', () => {
    expect(checkSavedQueries(savedQueries)).toEqual([]);
    expect(savedQueries.map(({ id }) => id)).toEqual([
      'task-creation-failures',
      'event-publishing-errors',
      'websocket-disconnections',
      'authentication-failures',
      'database-errors',
      'dead-letters',
      'user-activity',
      'request-across-services',
      'trace',
      'high-latency-requests',
      'error-bursts-by-pattern',
      'noisy-loggers',
      'slow-consumers',
      'deploy-comparison',
    ]);
  });

  it.each(savedQueries.map((saved) => [saved.id, saved] as const))(
    'the Explore URL of %s decodes to the same queries',
    (_, saved) => {
      for (const split of [false, true]) {
        const url = new URL(savedQueryUrl(saved, { split }), 'http://grafana.example');
        expect(url.pathname).toBe('/explore');
        expect(url.searchParams.get('schemaVersion')).toBe('1');
        const panes = queriesOf(saved).slice(0, split ? 2 : 1);
        expect(parseExplore(url.searchParams).map(({ source }) => source)).toEqual(panes.map(sourceOf));
        expect(parseExplore(url.searchParams)[0]?.exprs).toEqual([expressionOf(saved)]);
        const keys = Object.keys(JSON.parse(url.searchParams.get('panes') ?? '{}') as object);
        expect(keys).toHaveLength(panes.length);
        // Grafana refuses a pane whose key is none of its own form.
        for (const key of keys) expect(key).toMatch(/^[a-z]\w{2}$/);
      }
    },
  );
});

describe('the parameters of a saved query', () => {
  it('are filled in as a text, whatever is in it', () => {
    const saved = byId('user-activity');
    const given = 'eve" or user_id != "\\';
    const expression = expressionOf(saved, { user_id: given });
    expect(expression.endsWith('| user_id = "eve\\" or user_id != \\"\\\\"')).toBe(true);
    const url = new URL(savedQueryUrl(saved, { values: { user_id: given } }), 'http://grafana.example');
    expect(parseExplore(url.searchParams)[0]?.exprs).toEqual([expression]);
  });

  it.each([
    ['user-activity', 'user_id', 'a\nb'],
    ['user-activity', 'user_id', '${__user.login}'],
    ['user-activity', 'user_id', ''],
    ['user-activity', 'user_id', 'u'.repeat(129)],
    ['trace', 'trace_id', '4BF92F3577B34DA6A3CE929D0E0E4736'],
    ['request-across-services', 'request_id', 'a b'],
    ['high-latency-requests', 'milliseconds', '1e3'],
    ['deploy-comparison', 'service', 'backend-api|sync'],
  ])('of %s: %s refuses %j', (id, name, value) => {
    expect(() => expressionOf(byId(id), { [name]: value })).toThrow(`is no value of ${name}`);
  });

  it('that it does not have are refused, with those it has', () => {
    expect(() => expressionOf(byId('trace'), { user: 'alice' })).toThrow(/SL1632[\s\S]*trace_id/);
  });

  it('have examples that they allow', () => {
    for (const { example, standIn, allowed } of Object.values(parameters))
      for (const value of [example, standIn]) expect(value).toMatch(allowed);
  });

  it('may be left as holes of an address, each where its value would stand', () => {
    const asked = savedQueries.filter(({ parameters: names }) => names.length > 0);
    expect(asked.length).toBeGreaterThan(3);
    for (const saved of asked) {
      const names = saved.parameters;
      const holes = Object.fromEntries(names.map((name) => [name, `\${${name}:percentencode}`]));
      const values = Object.fromEntries(names.map((name) => [name, parameters[name].example]));
      const open = savedQueryUrlWithHoles(saved, holes, { split: true });
      for (const hole of Object.values(holes)) expect(open).toContain(hole);
      const closed = names.reduce(
        (url, name) => url.replaceAll(holes[name] ?? '', encodeURIComponent(values[name] ?? '')),
        open,
      );
      expect(closed).toBe(savedQueryUrl(saved, { values, split: true }));
    }
  });
});

describe('the checks of saved queries', () => {
  it('find nothing in a sound one', () => {
    expect(found(sound)).toEqual([]);
  });

  it('name a query that cannot be parsed', () => {
    const broken = {
      ...sound,
      parameters: [],
      query: () => logql`${stream({ service: 'sync' })} | user_id =`,
    };
    expect(found(broken)[0]).toMatch(/^SL1631 saved query sound: LogQL: syntax error at character \d+/);
    const unclosed = { ...sound, parameters: [], query: () => promql`sum(${series('event_consumer_lag')}` };
    expect(found(unclosed)[0]).toMatch(/^SL1631 saved query sound: PromQL: syntax error/);
  });

  it('name a field, a label and a series that nobody declares, also in what is beside', () => {
    const field = {
      ...sound,
      parameters: [],
      query: () => logql`${stream({ service: 'sync' })} | json user | user = "a"`,
    };
    expect(found(field)[0]).toContain('LogQL: the contract declares no such log field: user');
    const label = { ...sound, parameters: [], query: () => logql`{app="sync"}` };
    expect(found(label)).toEqual([
      'SL1631 saved query sound: LogQL: no log stream has the label app: app="sync"',
    ]);
    const beside = { ...sound, beside: () => promql`sum by (topic) (rate(events_total[5m]))` };
    expect(found(beside)).toEqual([
      'SL1631 saved query sound: PromQL: no contract and no catalogue declares this series: events_total',
    ]);
    const grouped = { ...sound, beside: () => promql`sum by (team) (${series('event_consumer_lag')})` };
    expect(found(grouped)).toEqual([
      'SL1631 saved query sound: PromQL: no series of this query has this label: team',
    ]);
  });

  it('name a dashboard variable, which Explore does not fill in', () => {
    const open = { ...sound, parameters: [], query: () => logql`{service=~"$service"}` };
    expect(found(open)).toEqual([
      'SL1631 saved query sound: LogQL: Explore has no dashboard variables, and would ask for $service literally: $service',
    ]);
  });

  it('name ids and titles that are not a query’s own', () => {
    expect(found(sound, sound)).toEqual([
      'SL1633 saved query sound: another saved query has the same id',
      'SL1633 saved query sound: another saved query has the title "Sound"',
    ]);
    expect(found({ ...sound, id: 'Not an id' })).toEqual([
      'SL1633 saved query Not an id: "Not an id" is no id',
    ]);
  });

  it('name texts that are missing or say too little', () => {
    expect(found({ ...sound, title: ' ', question: '', whenToUse: 'sometimes' })).toEqual([
      'SL1633 saved query sound: its title is missing, or says too little',
      'SL1633 saved query sound: its question is missing, or says too little',
      'SL1633 saved query sound: its whenToUse is missing, or says too little',
    ]);
  });

  it('name a parameter that the query does not use', () => {
    expect(found({ ...sound, query: () => logql`${stream({ service: 'sync' })}` })).toEqual([
      'SL1632 saved query sound: the query does not use its parameter user_id',
    ]);
  });
});
