import { type Dashboard, VariableRefresh } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Finding } from './asked.ts';

/** What makes a dashboard behave as it was generated. */
export function settingsFindings(model: Dashboard): readonly Finding[] {
  const where = String(model.uid);
  const variables = model.templating.list ?? [];
  const stale = variables.filter(
    ({ type, refresh }) => type === 'query' && refresh !== VariableRefresh.OnTimeRangeChanged,
  );
  return [
    ...(model.editable === false
      ? []
      : [
          {
            what: 'people may edit it, and lose that with the next deployment',
            where,
            fix: 'call .readonly()',
          },
        ]),
    ...((model.tags ?? []).length > 0
      ? []
      : [{ what: 'it has no tags, so no list finds it', where, fix: 'give it tags' }]),
    ...stale.map(({ name }) => ({
      what: `$${name} keeps the values of the range that was shown first`,
      where: `${where}: $${name}`,
      fix: 'call .refresh(VariableRefresh.OnTimeRangeChanged)',
    })),
  ];
}
