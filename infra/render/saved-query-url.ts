import { type AnyAlertRule, ruleId } from '../../alerts/rule.ts';
import { savedQueries } from '../../dashboards/queries/index.ts';
import type { ParameterName } from '../../dashboards/queries/parameters.ts';
import { savedQueryUrlWithHoles } from '../../dashboards/queries/saved-query.ts';

/** Parameters whose example is an answer to begin with; of the others only a person knows the value. */
const beginsWithExample: readonly ParameterName[] = ['milliseconds'];

/**
 * The address, relative to the site, of the first saved query that is said to help after the alert. Prometheus fills
 * the alert's service in, where the query asks for it.
 */
export function savedQueryUrlOf(rule: AnyAlertRule): string | undefined {
  const holes = rule.by.includes('service') ? { service: '{{ $labels.service | urlquery }}' } : {};
  const known = [...beginsWithExample, ...Object.keys(holes)];
  const saved = savedQueries.find(
    ({ alerts, parameters }) =>
      alerts.includes(ruleId(rule)) && parameters.every((name) => known.includes(name)),
  );
  return saved && savedQueryUrlWithHoles(saved, holes);
}
