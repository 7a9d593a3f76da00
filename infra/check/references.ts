import { ruleId } from '../../alerts/rule.ts';
import { panelsOf } from '../../dashboards/checks.ts';
import { savedQueries } from '../../dashboards/queries/index.ts';
import type { SavedQuery } from '../../dashboards/queries/saved-query.ts';
import { dashboards } from '../../telemetry/contract/links.ts';
import { expectedNames } from '../../telemetry/contract/pipeline.ts';
import type { Problem } from '../../telemetry/errors.ts';
import { alertsOf, type EnvironmentStack, type Stack } from '../stack.ts';

/** Whether what one room refers to exists in another. Only a target knows what is scraped. */
export function checkReferences(
  stack: EnvironmentStack | Stack,
  queries: readonly SavedQuery[] = savedQueries,
): readonly Problem[] {
  return [
    ...dashboardReferences(stack),
    ...runbookReferences(stack),
    ...savedQueryReferences(stack, queries),
    ...('instances' in stack ? scrapedServices(stack) : []),
  ];
}

function dashboardReferences(stack: EnvironmentStack): Problem[] {
  const generated = new Set<string>(stack.dashboards.map(({ uid }) => uid));
  const missing = Object.keys(dashboards).filter((uid) => !generated.has(uid));
  const dead = alertsOf(stack).filter(({ dashboard }) => !generated.has(dashboard.uid));
  return [
    ...missing.map((uid) => ({
      code: 'SL1802' as const,
      what: `the contract declares the dashboard ${uid}, and none is generated`,
      where: 'telemetry/contract/links.ts',
      fix: 'generate it in dashboards/, or remove the declaration',
    })),
    ...dead.map((rule) => ({
      code: 'SL1802' as const,
      what: `it links to the dashboard ${rule.dashboard.uid}, which is not generated`,
      where: `alert ${ruleId(rule)}`,
      fix: 'link to a dashboard that exists',
    })),
  ];
}

/** Panels may link to runbooks of alerts only: that those pages exist and are complete, checks of rules see to. */
function runbookReferences(stack: EnvironmentStack): Problem[] {
  const runbooks = new Set([...alertsOf(stack), ...stack.off].map(({ runbook }) => runbook));
  return stack.dashboards.flatMap(({ model }) =>
    panelsOf(model).flatMap(({ panel, where }) =>
      (panel.links ?? [])
        .flatMap(({ title }) => /^Runbook: (.+)$/.exec(title)?.[1] ?? [])
        .filter((runbook) => !runbooks.has(runbook))
        .map((runbook) => ({
          code: 'SL1802' as const,
          what: `it links to the runbook ${runbook}, which no alert has`,
          where: `dashboard ${where}`,
          fix: 'name a page of docs/runbooks that an alert links to',
        })),
    ),
  );
}

/** Alerts that an environment has turned off exist all the same. */
function savedQueryReferences(stack: EnvironmentStack, queries: readonly SavedQuery[]): Problem[] {
  const ids = new Set([...alertsOf(stack), ...stack.off].map(ruleId));
  return queries.flatMap(({ id, alerts }) =>
    alerts
      .filter((alert) => !ids.has(alert))
      .map((alert) => ({
        code: 'SL1802' as const,
        what: `it is said to help after the alert ${alert}, which does not exist`,
        where: `saved query ${id}`,
        fix: 'name an alert of docs/reference/alerts.md by its whole id',
      })),
  );
}

function scrapedServices(stack: Stack): Problem[] {
  const scraped = new Set(
    stack.instances.filter(({ address }) => address).map(({ placement }) => placement.service),
  );
  return expectedNames
    .filter((name) => !scraped.has(name))
    .map((name) => ({
      code: 'SL1802',
      what: `nothing scrapes the service ${name}`,
      where: `environment ${stack.config.environment}`,
      fix: 'add an instance of it to the stack',
    }));
}
