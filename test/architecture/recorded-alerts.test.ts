import { expect, it } from 'vitest';
import { allRules } from '../../alerts/rules/index.ts';
import { recordedAlerts } from '../../dashboards/preview/recorded/alert-series.ts';

it('alerts of the pictures’ recorded set are alerts that there are', () => {
  const known = new Set(allRules.map(({ name, severity }) => `${name} ${severity}`));
  expect(
    recordedAlerts
      .map(({ alertname, severity }) => `${alertname} ${severity}`)
      .filter((one) => !known.has(one)),
  ).toEqual([]);
});
