import { logql } from '../telemetry/query/query.ts';
import { deployments, exploreLogs, firingAlerts, linksTo } from './navigation.ts';
import { type PanelContext, selectedStreams } from './panels/common.ts';
import { errorStreams, lineList } from './panels/logs.ts';
import {
  auditPanels,
  loginPanels,
  recurringPanels,
  reminderPanels,
  syncPanels,
  taskPanels,
} from './panels/work.ts';
import type { DashboardSpec, PanelSpec } from './spec.ts';
import { placeVariables } from './variables.ts';

/** Is what people rely on done: tasks, logins, recurrence, reminders, live updates, the audit trail? */
export function taskWork(context: PanelContext): DashboardSpec {
  return {
    uid: 'task-work',
    description:
      'What the services are there for, one row a kind of work: how much, how much of it fails, how late. Dashed lines are the limits that alert. Generated: change it in dashboards/.',
    tags: ['sightline', 'services'],
    variables: placeVariables(),
    annotations: [firingAlerts(selectedStreams), deployments(selectedStreams)],
    links: [...linksTo('home', 'service-overview', 'event-processing', 'websocket', 'logs'), exploreLogs],
    sections: [
      { title: 'Tasks', panels: taskPanels(context) },
      { title: 'Logins', panels: loginPanels(context) },
      { title: 'Recurring tasks', panels: recurringPanels(context) },
      { title: 'Reminders', panels: reminderPanels(context) },
      { title: 'Live updates', panels: syncPanels(context) },
      { title: 'Audit trail', panels: auditPanels(context) },
      { title: 'Logs', panels: logs(context) },
    ],
  };
}

function logs(context: PanelContext): readonly PanelSpec[] {
  const about = {
    title: 'Errors',
    savedQuery: 'error-bursts-by-pattern',
    description: 'Lines at ERROR and CRITICAL of the selected services, the newest first.',
    width: 24,
    height: 9,
  };
  return [lineList(about, logql`${errorStreams}`, context)];
}
