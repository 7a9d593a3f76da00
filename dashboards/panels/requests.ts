import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import * as table from '@grafana/grafana-foundation-sdk/table';
import { promql } from '../../telemetry/query/query.ts';
import type { PanelSpec } from '../spec.ts';
import { type PanelContext, prom, prometheusRef, spec } from './common.ts';
import { allRequests, errorRatio, latencyBuckets, latencyQuantile, userRequests } from './queries.ts';
import { lines } from './visuals.ts';

/** Rate, errors and duration, by service. */
export function requestPanels(context: PanelContext): readonly PanelSpec[] {
  const rate = {
    title: 'Request rate by service',
    description:
      'Requests a second, probes and scrapes included. A service at zero while the others go on has lost its network; all at zero, look at the ingress.',
    width: 8,
    height: 8,
    unit: 'reqps',
    targets: [
      prom(promql`sum by (service) (rate(${allRequests}[$__rate_interval]))`, '{{service}}', context),
    ],
  };
  const errors = {
    title: 'Error ratio by service',
    description:
      'Share of requests answered with 5xx, probes and scrapes left out; the dashed lines are the limits that alert. Click a line for the logs of that service, filter them for ERROR.',
    width: 8,
    height: 8,
    unit: 'percentunit',
    limits: { warning: 'error_ratio_warning', critical: 'error_ratio_critical' },
    targets: [prom(errorRatio('service'), '{{service}}', context)],
  } as const;
  const latency = {
    title: 'p95 latency by service',
    description:
      'The dashed line is the limit that alerts. One service alone: see its routes, database and event loop. Several at once: what do they share?',
    width: 8,
    height: 8,
    unit: 's',
    limits: { warning: 'request_latency_p95_warning' },
    targets: [prom(latencyQuantile(0.95, 'service'), '{{service}}', context)],
  } as const;
  const percentiles = {
    title: 'Latency percentiles',
    description:
      'Over all selected services. p99 far above p50 means that a few requests wait for something: a lock, a retry, a cold cache.',
    width: 12,
    height: 8,
    unit: 's',
    targets: [
      prom(latencyQuantile(0.5, ''), 'p50', context),
      prom(latencyQuantile(0.95, ''), 'p95', context),
      prom(latencyQuantile(0.99, ''), 'p99', context),
    ],
  };
  return [
    spec(rate, lines(rate, context)),
    spec(errors, lines(errors, context)),
    spec(latency, lines(latency, context)),
    latencyHeatmap(context),
    spec(percentiles, lines(percentiles, context).dataLinks([])),
  ];
}

function latencyHeatmap(context: PanelContext): PanelSpec {
  const about = {
    title: 'Latency heatmap',
    description:
      'How many requests fell into each band of duration. A second band that appears above the usual one is a slow path that averages hide.',
    width: 12,
    height: 8,
  };
  const panel = new heatmap.PanelBuilder()
    .title(about.title)
    .description(about.description)
    .datasource(prometheusRef)
    .targets([prom(latencyBuckets, '{{le}}', context, { format: 'heatmap' })])
    .unit('s')
    .calculate(false)
    .yAxis(new heatmap.YAxisConfigBuilder().unit('s'))
    .color(
      new heatmap.HeatmapColorOptionsBuilder()
        .mode(heatmap.HeatmapColorMode.Scheme)
        .scheme('Blues')
        .steps(64),
    )
    .cellGap(1);
  return spec(about, panel);
}

/** The same, by route, without probes and scrapes. */
export function routePanels(context: PanelContext): readonly PanelSpec[] {
  const rate = {
    title: 'Request rate by route',
    description: 'Route templates, probes and scrapes left out. Which one carries the change seen above?',
    width: 12,
    height: 8,
    unit: 'reqps',
    targets: [
      prom(
        promql`sum by (service, http_route) (rate(${userRequests}[$__rate_interval]))`,
        '{{service}} {{http_route}}',
        context,
      ),
    ],
  };
  const latency = {
    title: 'p95 latency by route',
    description:
      'The dashed line is the limit that alerts for a whole service. A single slow route is usually one query or one call to another service: open a slow request’s trace.',
    width: 12,
    height: 8,
    unit: 's',
    limits: { warning: 'request_latency_p95_warning' },
    targets: [prom(latencyQuantile(0.95, 'service, http_route'), '{{service}} {{http_route}}', context)],
  } as const;
  return [spec(rate, lines(rate, context)), spec(latency, lines(latency, context)), routeTable(context)];
}

const routeGrouping = 'service, http_request_method, http_route';

function routeTable(context: PanelContext): PanelSpec {
  const about = {
    title: 'Routes',
    description: 'Every method and route now. Sort by a column; the one at the top is where to look first.',
    width: 24,
    height: 9,
  };
  const options = { instant: true, format: 'table' } as const;
  const panel = new table.PanelBuilder()
    .title(about.title)
    .description(about.description)
    .datasource(prometheusRef)
    .targets([
      prom(
        promql`sum by (service, http_request_method, http_route) (rate(${userRequests}[$__rate_interval]))`,
        '',
        context,
        options,
      ),
      prom(errorRatio(routeGrouping), '', context, options),
      prom(latencyQuantile(0.95, routeGrouping), '', context, options),
    ])
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        indexByName: {
          service: 0,
          http_request_method: 1,
          http_route: 2,
          'Value #A': 3,
          'Value #B': 4,
          'Value #C': 5,
        },
        renameByName: {
          service: 'Service',
          http_request_method: 'Method',
          http_route: 'Route',
          'Value #A': 'Rate',
          'Value #B': 'Error ratio',
          'Value #C': 'p95',
        },
      },
    })
    .unit('short')
    .overrideByName('Rate', [{ id: 'unit', value: 'reqps' }])
    .overrideByName('Error ratio', [{ id: 'unit', value: 'percentunit' }])
    .overrideByName('p95', [{ id: 'unit', value: 's' }])
    .sortBy([new TableSortByFieldStateBuilder().displayName('Rate').desc(true)]);
  return spec(about, panel);
}
