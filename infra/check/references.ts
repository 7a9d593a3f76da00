import { ruleId } from '../../alerts/rule.ts';
import { dashboards } from '../../telemetry/contract/links.ts';
import { serviceNames } from '../../telemetry/contract/services.ts';
import type { Problem } from '../../telemetry/errors.ts';
import { alertsOf, type EnvironmentStack, type Stack } from '../stack.ts';

/** Whether what one room refers to exists in another. Only a target knows what is scraped. */
export function checkReferences(stack: EnvironmentStack | Stack): readonly Problem[] {
  return [...dashboardReferences(stack), ...('instances' in stack ? scrapedServices(stack) : [])];
}

function dashboardReferences(stack: EnvironmentStack): Problem[] {
  const generated = new Set<string>(stack.dashboards.map(({ uid }) => uid));
  const missing = Object.keys(dashboards).filter((uid) => !generated.has(uid));
  const dead = alertsOf(stack).filter(
    (rule) => rule.dashboard !== undefined && !generated.has(rule.dashboard.uid),
  );
  return [
    ...missing.map((uid) => ({
      code: 'SL1802' as const,
      what: `the contract declares the dashboard ${uid}, and none is generated`,
      where: 'telemetry/contract/links.ts',
      fix: 'generate it in dashboards/, or remove the declaration',
    })),
    ...dead.map((rule) => ({
      code: 'SL1802' as const,
      what: `it links to the dashboard ${rule.dashboard?.uid}, which is not generated`,
      where: `alert ${ruleId(rule)}`,
      fix: 'link to a dashboard that exists',
    })),
  ];
}

function scrapedServices(stack: Stack): Problem[] {
  const scraped = new Set(
    stack.instances.filter(({ address }) => address).map(({ placement }) => placement.service),
  );
  return serviceNames
    .filter((name) => !scraped.has(name))
    .map((name) => ({
      code: 'SL1802',
      what: `nothing scrapes the service ${name}`,
      where: `environment ${stack.config.environment}`,
      fix: 'add an instance of it to the stack',
    }));
}
