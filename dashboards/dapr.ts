import { logql, promql, series, stream } from '../telemetry/query/query.ts';
import { matches, not } from '../telemetry/query/series.ts';
import { exploreLogs, firingAlerts, linksTo } from './navigation.ts';
import { type PanelContext, selectedStreams } from './panels/common.ts';
import { panelKit } from './panels/kit.ts';
import { lineList } from './panels/logs.ts';
import { quantileOf, rateOf, rateOfGrowing, shareOf } from './panels/queries.ts';
import type { DashboardSpec, PanelSpec } from './spec.ts';
import { placeVariables } from './variables.ts';

/** A sidecar's series carry the `service` of its application. */
const where = selectedStreams;
const requests = series('dapr_http_server_request_count', where);
const failed = series('dapr_http_server_request_count', { ...where, status: matches('5..') });
const latency = series('dapr_http_server_latency_bucket', where);
const egress = series('dapr_component_pubsub_egress_count', where);
const unsent = series('dapr_component_pubsub_egress_count', { ...where, success: 'false' });
const ingress = series('dapr_component_pubsub_ingress_count', where);
const refused = series('dapr_component_pubsub_ingress_count', { ...where, process_status: not('success') });
const state = series('dapr_component_state_count', where);
const stateFailed = series('dapr_component_state_count', { ...where, success: 'false' });

/** Do the sidecars pass on what applications and brokers give them? */
export function dapr(context: PanelContext): DashboardSpec {
  return {
    uid: 'dapr',
    description:
      'Dapr sidecars by application and component: requests, latency, messages published and delivered, state. Empty where no Dapr runs. Dashed lines are the limits that alert. Generated: change it in dashboards/.',
    tags: ['sightline', 'platform'],
    variables: placeVariables(),
    annotations: [firingAlerts({ ...where, alertname: matches('Dapr.*') })],
    links: [...linksTo('home', 'service-overview', 'event-processing', 'kafka'), exploreLogs],
    sections: [
      { title: 'Requests', panels: requestPanels(context) },
      { title: 'Publish and subscribe', panels: pubsubPanels(context) },
      { title: 'State', panels: statePanels(context) },
      { title: 'Logs', panels: logs(context) },
    ],
  };
}

function requestPanels(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  return [
    line({
      title: 'Requests by application',
      description:
        'Requests a second that the sidecar serves. None while the application works: it goes past its sidecar, or cannot reach it.',
      unit: 'reqps',
      asks: [[rateOf(requests, 'service'), '{{service}}']],
    }),
    line({
      title: 'Request errors',
      description:
        'Share answered with 5xx. Above the dashed line read the sidecar’s log: a component is missing or refuses.',
      unit: 'percentunit',
      runbook: 'dapr-request-errors',
      limits: { warning: 'dapr_error_ratio_warning' },
      asks: [[shareOf(failed, requests, 'service'), '{{service}}']],
    }),
    line({
      title: 'Request latency, p95',
      description:
        'Of the sidecar with what it calls. Above the dashed line: broker, state store or the other application is slow.',
      unit: 's',
      runbook: 'dapr-latency-high',
      limits: { warning: 'dapr_latency_p95_warning' },
      // Dapr measures in milliseconds.
      asks: [[promql`${quantileOf(0.95, latency, 'service')} / 1000`, '{{service}}']],
    }),
  ];
}

function pubsubPanels(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  const half = { width: 12 } as const;
  return [
    line({
      ...half,
      title: 'Published by component and topic',
      description:
        'Messages a second handed to the broker. A topic that falls to zero: its publisher, or the component.',
      unit: 'ops',
      asks: [[rateOf(egress, 'service', 'component', 'topic'), '{{service}} {{component}} {{topic}}']],
    }),
    line({
      ...half,
      title: 'Not published',
      description:
        'Share that the broker did not take. Above the dashed line events wait in the outboxes: see the broker.',
      unit: 'percentunit',
      runbook: 'dapr-publish-failures',
      limits: { warning: 'dapr_pubsub_failure_ratio_warning' },
      asks: [
        [shareOf(unsent, egress, 'service', 'component', 'topic'), '{{service}} {{component}} {{topic}}'],
      ],
    }),
    line({
      ...half,
      title: 'Delivered by component and topic',
      description:
        'Messages a second that came from the broker, by what the application made of them: success, retry or drop.',
      unit: 'ops',
      asks: [
        [
          rateOfGrowing(ingress, 'component', 'topic', 'process_status'),
          '{{component}} {{topic}} {{process_status}}',
        ],
      ],
    }),
    line({
      ...half,
      title: 'Not processed',
      description:
        'Share that the application dropped or asked for again. Above the dashed line read the errors of the application.',
      unit: 'percentunit',
      runbook: 'dapr-delivery-failures',
      limits: { warning: 'dapr_pubsub_failure_ratio_warning' },
      asks: [
        [shareOf(refused, ingress, 'service', 'component', 'topic'), '{{service}} {{component}} {{topic}}'],
      ],
    }),
  ];
}

function statePanels(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  const half = { width: 12 } as const;
  return [
    line({
      ...half,
      title: 'State operations',
      description: 'Operations a second on each state store. Many reads a write: is something polled?',
      unit: 'ops',
      asks: [[rateOf(state, 'service', 'component', 'operation'), '{{service}} {{component}} {{operation}}']],
    }),
    line({
      ...half,
      title: 'State failures',
      description:
        'Share of operations that failed. Above the dashed line: is the store up, and are the sidecar’s credentials right?',
      unit: 'percentunit',
      runbook: 'dapr-state-failures',
      limits: { warning: 'dapr_state_failure_ratio_warning' },
      asks: [[shareOf(stateFailed, state, 'service', 'component'), '{{service}} {{component}}']],
    }),
  ];
}

function logs(context: PanelContext): readonly PanelSpec[] {
  const about = {
    title: 'Lines of the sidecars',
    description: 'What the containers named daprd wrote, the newest first. Empty where no sidecar runs.',
    width: 24,
    height: 9,
  };
  return [lineList(about, logql`${stream({ ...where, container: 'daprd' })}`, context)];
}
