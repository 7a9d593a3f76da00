import { serviceNames } from '../telemetry/contract/services.ts';
import { deployments, exploreLogs, firingAlerts, linksTo } from './navigation.ts';
import { type PanelContext, selectedStreams } from './panels/common.ts';
import { dependencyPanels } from './panels/dependencies.ts';
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
    annotations: [firingAlerts(selectedStreams), deployments(selectedStreams)],
    links: [
      ...linksTo('home', 'slos', 'logs', ...serviceNames.map((name) => `service-${name}` as const)),
      exploreLogs,
    ],
    sections: [
      { title: 'At a glance', panels: glancePanels(context) },
      { title: 'Requests', panels: requestPanels(context) },
      { title: 'Routes', panels: routePanels(context) },
      { title: 'Health', panels: healthPanels(context) },
      { title: 'What they depend on', panels: dependencyPanels(context) },
      { title: 'Events', panels: eventPanels(context) },
      { title: 'WebSocket', panels: websocketPanels(context) },
      { title: 'Logs', panels: logPanels(context) },
    ],
  };
}
