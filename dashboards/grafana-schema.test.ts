import { beforeAll, describe, expect, it } from 'vitest';
import { type GrafanaCheck, grafanaCheck } from '../test/support/grafana-schema.ts';
import { buildDashboards } from './index.ts';

let problems: GrafanaCheck;

describe('the JSON of dashboards, by the schema of Grafana’s own types', () => {
  beforeAll(() => {
    problems = grafanaCheck();
  }, 120_000);

  it.each(buildDashboards({ runbooks: 'http://r/{id}' }).map(({ uid, json }) => [uid, json] as const))(
    '%s is what Grafana accepts',
    (_, json) => {
      expect(problems(json)).toEqual([]);
    },
  );

  it.each([
    ['"showLegend": true', '"showLegend": "yes"', /legend\/showLegend must be boolean/],
    ['"drawStyle": "bars"', '"drawStyle": "columns"', /drawStyle must be equal to one of the allowed values/],
    ['"lineWidth": 2', '"lineWidht": 2', /must NOT have additional properties.*lineWidht/],
    ['"format": "table"', '"format": "tables"', /query\/prometheus\/format/],
    ['"type": "stat"', '"type": "statistic"', /no options\/statistic/],
    ['"editable": false', '"editable": "no"', /dashboard\/editable must be boolean/],
    ['"includeAll": true', '"includeAll": 1', /variable\/includeAll must be boolean/],
    ['"iconColor": "red"', '"iconColor": null', /annotations\/list\/0\/iconColor must be string/],
  ])('%s, written %s, is refused', (right, wrong, message) => {
    const overview = buildDashboards()[0]?.json ?? '';
    expect(overview).toContain(right);
    expect(problems(overview.replace(right, wrong)).join('\n')).toMatch(message);
  });
});
