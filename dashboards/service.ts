import { type MetricName, metrics } from '../telemetry/contract/metrics.ts';
import { type ServiceName, services } from '../telemetry/contract/services.ts';
import { deployments, exploreLogs, firingAlerts, linksTo } from './navigation.ts';
import { type PanelContext, selectedStreams } from './panels/common.ts';
import { dependencyPanels } from './panels/dependencies.ts';
import { eventPanels } from './panels/events.ts';
import { glancePanels } from './panels/glance.ts';
import { healthPanels } from './panels/health.ts';
import { logPanels } from './panels/logs.ts';
import { requestPanels, routePanels } from './panels/requests.ts';
import { websocketPanels } from './panels/websocket.ts';
import {
  auditPanels,
  loginPanels,
  recurringPanels,
  reminderPanels,
  syncPanels,
  taskPanels,
} from './panels/work.ts';
import type { DashboardSpec, PanelSpec } from './spec.ts';
import { searchVariable, variablesOfService } from './variables.ts';

interface Part {
  readonly title: string;
  /** Only services that emit this have the part. */
  readonly needs: MetricName;
  readonly panels: (context: PanelContext, service: ServiceName) => readonly PanelSpec[];
}

const emits = (service: ServiceName, metric: MetricName): boolean =>
  metrics[metric].services.some((one) => one === service);

const ownEvents = (context: PanelContext, service: ServiceName): readonly PanelSpec[] =>
  eventPanels(context, emits(service, 'events_published_total'));

const parts: readonly Part[] = [
  { title: 'At a glance', needs: 'http_server_request_duration_seconds', panels: glancePanels },
  { title: 'Tasks', needs: 'task_operations_total', panels: taskPanels },
  { title: 'Logins', needs: 'auth_attempts_total', panels: loginPanels },
  { title: 'Recurring tasks', needs: 'recurring_tasks_created_total', panels: recurringPanels },
  { title: 'Reminders', needs: 'reminders_sent_total', panels: reminderPanels },
  { title: 'Live updates', needs: 'sync_changes_pushed_total', panels: syncPanels },
  { title: 'Audit trail', needs: 'audit_entries_written_total', panels: auditPanels },
  { title: 'WebSocket', needs: 'websocket_connections', panels: websocketPanels },
  { title: 'Events', needs: 'events_processed_total', panels: ownEvents },
  { title: 'Requests', needs: 'http_server_request_duration_seconds', panels: requestPanels },
  { title: 'Routes', needs: 'http_server_request_duration_seconds', panels: routePanels },
  { title: 'Health', needs: 'health_check_status', panels: healthPanels },
  { title: 'What it depends on', needs: 'db_client_operation_duration_seconds', panels: dependencyPanels },
  { title: 'Logs', needs: 'log_lines_total', panels: logPanels },
];

/** All about one service of the contract: what it is there for first, then how it serves, and its logs. */
export const serviceDashboard =
  (service: ServiceName) =>
  (context: PanelContext): DashboardSpec => ({
    uid: `service-${service}`,
    description: `${services[service].description}. Its own work, events, requests, health and logs; dashed lines are the limits that alert. Generated from the contract: change it in dashboards/.`,
    tags: ['sightline', 'services', 'service'],
    variables: [...variablesOfService(service), searchVariable],
    annotations: [
      firingAlerts({ ...selectedStreams, service }),
      deployments({ ...selectedStreams, service }),
    ],
    links: [...linksTo('home', 'service-overview', 'slos', 'event-processing', 'task-work'), exploreLogs],
    sections: parts
      .filter(({ needs }) => emits(service, needs))
      .map(({ title, panels }) => ({ title, panels: panels(context, service) })),
  });
