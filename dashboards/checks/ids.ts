import type { ErrorCode } from '../../telemetry/errors.ts';

/** Every check of dashboards, by its id, with the code of what it finds. */
export const dashboardChecks = {
  layout: 'SL1601',
  text: 'SL1602',
  source: 'SL1603',
  query: 'SL1604',
  variable: 'SL1605',
  id: 'SL1606',
  threshold: 'SL1607',
  link: 'SL1608',
  screen: 'SL1609',
  load: 'SL1610',
  'never-data': 'SL1621',
  selection: 'SL1622',
  legend: 'SL1623',
  range: 'SL1624',
  'metric-type': 'SL1625',
  settings: 'SL1626',
  exception: 'SL1627',
} as const satisfies Readonly<Record<string, ErrorCode>>;

export type DashboardCheckId = keyof typeof dashboardChecks;

/** A check that does not apply to a panel, or to a dashboard. */
export interface DashboardException {
  readonly check: Exclude<DashboardCheckId, 'exception'>;
  readonly because: string;
}
