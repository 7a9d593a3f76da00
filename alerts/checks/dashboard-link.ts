import { dashboards } from '../../telemetry/contract/links.ts';
import { deploymentLabels } from '../rule.ts';
import { alertCheck, type Finding } from './support/check.ts';

export const dashboardLink = alertCheck('dashboard-link', 'SL1506', ({ alert: { dashboard, by } }) => {
  const declared: readonly string[] = dashboards[dashboard.uid].variables;
  const filled: readonly string[] = dashboard.variables;
  const carried = new Set<string>([...by, ...deploymentLabels]);
  return [
    ...filled
      .filter((name) => !declared.includes(name) || !carried.has(name))
      .map(
        (name): Finding => ({
          what: `the dashboard link fills ${name}, which is no variable of the dashboard or no label of the alert`,
          fix: 'choose variables of telemetry/contract/links.ts that the alert carries',
        }),
      ),
    ...declared
      .filter((name) => carried.has(name) && !filled.includes(name))
      .map(
        (name): Finding => ({
          what: `the dashboard link leaves ${name} open, which the alert has a label for`,
          fix: `add ${name} to the variables of the link: the dashboard then shows what the alert is about`,
        }),
      ),
  ];
});
