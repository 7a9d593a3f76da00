import { AnnotationQueryBuilder, DashboardLinkBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { promql, renderQuery, series } from '../telemetry/query/query.ts';
import { not, variable } from '../telemetry/query/series.ts';
import { exploreUrl } from './explore-url.ts';
import { type PanelContext, prometheusRef } from './panels/common.ts';
import { eventPanels } from './panels/events.ts';
import { glancePanels } from './panels/glance.ts';
import { healthPanels } from './panels/health.ts';
import { logPanels } from './panels/logs.ts';
import { requestPanels, routePanels } from './panels/requests.ts';
import { websocketPanels } from './panels/websocket.ts';
import type { DashboardSpec } from './spec.ts';
import { searchVariable, serviceVariables } from './variables.ts';

/** Is every service well, and if not, where does it hurt? The page that alerts link to. */
export function serviceOverview(context: PanelContext): DashboardSpec {
  return {
    uid: 'service-overview',
    description:
      'Request rate, errors, latency, health, events and logs of the services. Dashed lines are the limits that alert. Generated: change it in dashboards/.',
    tags: ['sightline', 'services'],
    variables: [...serviceVariables(), searchVariable],
    annotations: [firingAlerts()],
    links: [
      new DashboardLinkBuilder('Explore logs')
        .url(exploreUrl('loki', '{service=~".+"}'))
        .icon('external link'),
    ],
    sections: [
      { title: 'At a glance', panels: glancePanels(context) },
      { title: 'Requests', panels: requestPanels(context) },
      { title: 'Routes', panels: routePanels(context) },
      { title: 'Health', panels: healthPanels(context) },
      { title: 'Events', panels: eventPanels(context) },
      { title: 'WebSocket', panels: websocketPanels(context) },
      { title: 'Logs', panels: logPanels(context) },
    ],
  };
}

function firingAlerts(): AnnotationQueryBuilder {
  const alerts = series('ALERTS', {
    alertstate: 'firing',
    severity: not('none'),
    service: variable('service'),
  });
  return new AnnotationQueryBuilder()
    .name('Firing alerts')
    .datasource(prometheusRef)
    .enable(true)
    .iconColor('red')
    .expr(renderQuery(promql`max by (alertname, service, severity) (${alerts})`))
    .step('60s')
    .titleFormat('{{alertname}}')
    .textFormat('{{service}} {{severity}}')
    .tagKeys('alertname,service,severity');
}
