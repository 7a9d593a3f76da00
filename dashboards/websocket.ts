import { line as logLine, logql, promql, series } from '../telemetry/query/query.ts';
import { oneOf } from '../telemetry/query/series.ts';
import { deployments, exploreLogs, firingAlerts, linksTo } from './navigation.ts';
import { inNamespace, type PanelContext, selected, selectedStreams } from './panels/common.ts';
import { panelKit } from './panels/kit.ts';
import { lineList } from './panels/logs.ts';
import { quantileOf, rateOf, shareOf } from './panels/queries.ts';
import { websocketPanels } from './panels/websocket.ts';
import type { DashboardSpec, PanelSpec } from './spec.ts';
import { serviceVariables } from './variables.ts';

const connections = series('websocket_connections', selected);
const messages = series('websocket_messages_total', selected);
const deliveries = series('websocket_deliveries_total', selected);
const undelivered = series('websocket_deliveries_total', { ...selected, outcome: 'failure' });
const reconnects = series('websocket_reconnects_total', selected);
const lost = series('websocket_disconnects_total', {
  ...selected,
  reason: oneOf(['dropped', 'slow_client', 'error']),
});

/** Do people see changes as they happen? */
export function websocket(context: PanelContext): DashboardSpec {
  return {
    uid: 'websocket',
    description:
      'Live updates to connected clients: connections, messages, delivery, reconnects. Dashed lines are the limits that alert. Generated: change it in dashboards/.',
    tags: ['sightline', 'services'],
    variables: serviceVariables(),
    annotations: [firingAlerts(selectedStreams), deployments(selectedStreams)],
    links: [...linksTo('home', 'service-overview', 'event-processing', 'task-work', 'logs'), exploreLogs],
    sections: [
      { title: 'At a glance', panels: glance(context) },
      { title: 'Connections', panels: websocketPanels(context) },
      { title: 'Messages and delivery', panels: delivery(context) },
      { title: 'Logs', panels: logs(context) },
    ],
  };
}

function glance(context: PanelContext): readonly PanelSpec[] {
  const { number } = panelKit(context);
  return [
    number({
      title: 'Connected',
      description: 'WebSockets open now. None while people use the task API: connections cannot be made.',
      unit: 'short',
      width: 6,
      runbook: 'websocket-no-connections',
      color: 'blue',
      asks: [[promql`sum(${connections})`, 'connections']],
    }),
    number({
      title: 'Messages',
      description: 'Messages a second in both directions. None while tasks change: see the sync service.',
      unit: 'ops',
      width: 6,
      color: 'blue',
      asks: [[rateOf(messages), 'messages']],
    }),
    number({
      title: 'Not delivered',
      description:
        'Share of updates that no socket took. Above the limit people look at stale tasks until they reload.',
      unit: 'percentunit',
      width: 6,
      limits: { warning: 'websocket_delivery_failure_ratio_warning' },
      asks: [[shareOf(undelivered, deliveries), 'failed']],
    }),
    number({
      title: 'Lost connections',
      description: 'Connections a second that ended without a close. Above the limit: proxy or network.',
      unit: 'cps',
      width: 6,
      limits: { warning: 'websocket_drop_rate_warning' },
      asks: [[rateOf(lost), 'lost']],
    }),
  ];
}

function delivery(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  return [
    line({
      title: 'Message rate',
      description: 'Seen from the server. Much received and little sent: clients ask and get no answer.',
      unit: 'ops',
      runbook: 'websocket-no-connections',
      asks: [[rateOf(messages, 'service', 'direction'), '{{service}} {{direction}}']],
    }),
    line({
      title: 'Updates not delivered',
      description:
        'Share of updates that sockets refused. Above the dashed line: slow clients, or connections that died silently; compare with the lost connections.',
      unit: 'percentunit',
      runbook: 'websocket-delivery-failures',
      limits: { warning: 'websocket_delivery_failure_ratio_warning' },
      asks: [[shareOf(undelivered, deliveries, 'service'), '{{service}}']],
    }),
    line({
      title: 'Change to client, p95',
      allow: [
        {
          check: 'selection',
          because: 'changes are handed over by another service than the one that holds the connections',
        },
      ],
      description:
        'From the change of a task to its hand-over to connected clients, by the sync service. Above the dashed line “live” updates are not: look at its lag.',
      unit: 's',
      runbook: 'sync-behind',
      limits: { warning: 'sync_latency_p95_warning' },
      asks: [
        [
          quantileOf(0.95, series('sync_event_latency_seconds_bucket', inNamespace), 'service'),
          '{{service}}',
        ],
      ],
    }),
    line({
      title: 'Reconnects',
      savedQuery: 'websocket-disconnections',
      description:
        'Clients a second that came back. After a deployment everybody does once; above the dashed line for longer it is a storm that keeps the service from recovering.',
      unit: 'cps',
      width: 12,
      runbook: 'websocket-reconnect-storm',
      limits: { warning: 'websocket_reconnect_rate_warning' },
      asks: [[rateOf(reconnects, 'service'), '{{service}}']],
    }),
    line({
      title: 'Connections lost',
      savedQuery: 'websocket-disconnections',
      description:
        'Connections a second that ended without a close. Above the dashed line and no deployment: proxy, network, or an event loop that is blocked.',
      unit: 'cps',
      width: 12,
      runbook: 'websocket-drop-rate',
      limits: { warning: 'websocket_drop_rate_warning' },
      asks: [[rateOf(lost, 'service'), '{{service}}']],
    }),
  ];
}

function logs(context: PanelContext): readonly PanelSpec[] {
  const about = {
    title: 'Disconnects',
    savedQuery: 'websocket-disconnections',
    description: 'A line for each connection that ended, with its user and reason, the newest first.',
    width: 24,
    height: 10,
  };
  return [lineList(about, logql`${logLine('websocket_disconnected', selectedStreams)}`, context)];
}
