import { dashboards } from '../../telemetry/contract/links.ts';
import { deploymentLabels } from '../rule.ts';
import { alertCheck, type Finding } from './support/check.ts';

export const dashboardLink = alertCheck('dashboard-link', 'SL1506', ({ alert }, { dashboardFor }) => {
  const { dashboard, by, severity } = alert;
  if (!dashboard)
    return dashboardFor.includes(severity)
      ? [
          {
            what: 'it links to no dashboard',
            fix: 'name one of telemetry/contract/links.ts that draws its evidence',
          },
        ]
      : [];
  const declared: readonly string[] = dashboards[dashboard.uid]?.variables ?? [];
  const carried = new Set<string>([...by, ...deploymentLabels]);
  return dashboard.variables
    .filter((name) => !declared.includes(name) || !carried.has(name))
    .map(
      (name): Finding => ({
        what: `the dashboard link fills ${name}, which is no variable of the dashboard or no label of the alert`,
        fix: 'choose variables of telemetry/contract/links.ts that the alert carries',
      }),
    );
});
