import { MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import { promql, series } from '../../telemetry/query/query.ts';
import { matches, not } from '../../telemetry/query/series.ts';
import type { PanelSpec } from '../spec.ts';
import { type PanelContext, prom, selected, selectedStreams, spec } from './common.ts';
import { rateOf, requests } from './queries.ts';
import { anyIs, bigNumber } from './visuals.ts';

const size = { width: 4, height: 4 } as const;

/** Six numbers that answer "is it well?" before anybody scrolls. */
export function glancePanels(context: PanelContext): readonly PanelSpec[] {
  const up = {
    ...size,
    title: 'Services up',
    description:
      'Targets whose last scrape succeeded, and those whose did not. Any down: look at the health row, then at the logs of the service that is missing.',
    unit: 'short',
    targets: [
      prom(promql`count(${series('up', selected)} == 1) or vector(0)`, 'up', context),
      prom(promql`count(${series('up', selected)} == 0) or vector(0)`, 'down', context),
    ],
  };
  const rate = {
    ...size,
    title: 'Request rate',
    description:
      'Requests a second over the selected services, health checks and scrapes included. A sudden drop is as telling as a peak: compare with the ingress and with the error ratio.',
    unit: 'reqps',
    targets: [prom(rateOf(requests.all), 'requests', context)],
  };
  const errors = {
    ...size,
    title: 'Error ratio',
    description:
      'Share of requests answered with 5xx, probes and scrapes left out. Orange is the limit that warns; what pages is the error budget, in SLOs. Find the service and the route below, then its error lines.',
    unit: 'percentunit',
    decimals: 2,
    limits: { warning: 'error_ratio_warning' },
    targets: [prom(requests.errorRatio(), 'errors', context)],
  } as const;
  const latency = {
    ...size,
    title: 'p95 latency',
    description:
      'Nineteen of twenty requests were faster than this. When it rises alone, look for one slow route; when it rises with the event loop lag, the process is starved.',
    unit: 's',
    limits: { warning: 'request_latency_p95_warning' },
    targets: [prom(requests.latency(0.95), 'p95', context)],
  } as const;
  const alerts = {
    ...size,
    title: 'Firing alerts',
    description:
      'Alerts of the selected services that fire now, the plumbing ones left out. Each notification has the link to its runbook.',
    unit: 'short',
    targets: [
      prom(
        promql`count(${series('ALERTS', { ...selectedStreams, alertstate: 'firing', severity: not('none') })}) or vector(0)`,
        'firing',
        context,
      ),
    ],
  };
  const logs = {
    ...size,
    title: 'Error lines / min',
    description:
      'Log lines at ERROR and CRITICAL, counted by the services themselves, so that it works while Loki does not. Read them in the logs row.',
    unit: 'short',
    decimals: 1,
    targets: [
      prom(
        promql`60 * sum(rate(${series('log_lines_total', { ...selected, level: matches('ERROR|CRITICAL') })}[$__rate_interval])) or vector(0)`,
        'lines',
        context,
      ),
    ],
  };
  const down = bigNumber(up, context)
    .mappings([
      {
        type: MappingType.RangeToText,
        options: { from: 1, to: null, result: { color: 'red' } },
      },
    ])
    .overrideByName('up', [
      { id: 'color', value: { mode: 'fixed', fixedColor: 'green' } },
      { id: 'mappings', value: [] },
    ]);
  return [
    spec(up, down),
    spec(rate, bigNumber({ ...rate, color: 'blue' }, context)),
    spec(errors, bigNumber(errors, context)),
    spec(latency, bigNumber(latency, context)),
    spec(alerts, bigNumber(alerts, context).thresholds(anyIs('red'))),
    spec(logs, bigNumber(logs, context).thresholds(anyIs('orange'))),
  ];
}
