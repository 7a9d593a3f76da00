import { promql, series } from '../../telemetry/query/query.ts';
import type { PanelSpec } from '../spec.ts';
import { type PanelContext, prom, selected, spec } from './common.ts';
import { lines, outcomeColors, stackedBars } from './visuals.ts';

/** Live updates to connected clients. */
export function websocketPanels(context: PanelContext): readonly PanelSpec[] {
  const connections = {
    title: 'WebSocket connections',
    description:
      'Open now. A cliff is a restart, a deployment or a proxy that closes idle connections; clients come back by themselves.',
    width: 8,
    height: 7,
    unit: 'short',
    targets: [
      prom(promql`sum by (service) (${series('websocket_connections', selected)})`, '{{service}}', context),
    ],
  };
  const deliveries = {
    title: 'Deliveries by outcome',
    description:
      'Updates pushed to clients. Failures are sockets that did not take the update: slow clients, or connections that died silently.',
    width: 8,
    height: 7,
    unit: 'ops',
    colors: outcomeColors,
    targets: [
      prom(
        promql`sum by (outcome) (rate(${series('websocket_deliveries_total', selected)}[$__rate_interval]))`,
        '{{outcome}}',
        context,
      ),
    ],
  };
  const churn = {
    title: 'Disconnects and reconnects',
    savedQuery: 'websocket-disconnections',
    description:
      'Connections that ended, by reason, and clients that came back. Dropped ones without a deployment: look at the proxy and at the event loop lag.',
    width: 8,
    height: 7,
    unit: 'ops',
    targets: [
      prom(
        promql`sum by (reason) (rate(${series('websocket_disconnects_total', selected)}[$__rate_interval]))`,
        '{{reason}}',
        context,
      ),
      prom(
        promql`sum(rate(${series('websocket_reconnects_total', selected)}[$__rate_interval]))`,
        'reconnected',
        context,
      ),
    ],
  };
  return [
    spec(connections, lines(connections, context)),
    spec(deliveries, stackedBars(deliveries, context).dataLinks([])),
    spec(churn, lines(churn, context).dataLinks([])),
  ];
}
