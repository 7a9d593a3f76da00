import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import { promql } from '../../telemetry/query/query.ts';
import type { PanelSpec } from '../spec.ts';
import { type PanelContext, prom, prometheusRef, spec } from './common.ts';
import { panelKit } from './kit.ts';
import { rateOf, requests } from './queries.ts';
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
    targets: [prom(rateOf(requests.all, 'service'), '{{service}}', context)],
  };
  const errors = {
    title: 'Error ratio by service',
    description:
      'Share of requests answered with 5xx, probes and scrapes left out; the dashed line is the limit that warns; what pages is the error budget. Click a line for the logs of that service, filter them for ERROR.',
    width: 8,
    height: 8,
    unit: 'percentunit',
    limits: { warning: 'error_ratio_warning' },
    targets: [prom(requests.errorRatio('service'), '{{service}}', context)],
  } as const;
  const latency = {
    title: 'p95 latency by service',
    savedQuery: 'high-latency-requests',
    description:
      'The dashed line is the limit that alerts. One service alone: see its routes, database and event loop. Several at once: what do they share?',
    width: 8,
    height: 8,
    unit: 's',
    limits: { warning: 'request_latency_p95_warning' },
    targets: [prom(requests.latency(0.95, 'service'), '{{service}}', context)],
  } as const;
  const percentiles = {
    title: 'Latency percentiles',
    description:
      'Over all selected services. p99 far above p50 means that a few requests wait for something: a lock, a retry, a cold cache.',
    width: 12,
    height: 8,
    unit: 's',
    targets: [
      prom(requests.latency(0.5), 'p50', context),
      prom(requests.latency(0.95), 'p95', context),
      prom(requests.latency(0.99), 'p99', context),
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
    .targets([
      prom(promql`sum by (le) (increase(${requests.buckets}[$__rate_interval]))`, '{{le}}', context, {
        format: 'heatmap',
      }),
    ])
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
    targets: [prom(rateOf(requests.users, 'service', 'http_route'), '{{service}} {{http_route}}', context)],
  };
  const latency = {
    title: 'p95 latency by route',
    savedQuery: 'high-latency-requests',
    description:
      'The dashed line is the limit that alerts for a whole service. A single slow route is usually one query or one call to another service: open a slow request’s trace.',
    width: 12,
    height: 8,
    unit: 's',
    limits: { warning: 'request_latency_p95_warning' },
    targets: [prom(requests.latency(0.95, 'service', 'http_route'), '{{service}} {{http_route}}', context)],
  } as const;
  return [spec(rate, lines(rate, context)), spec(latency, lines(latency, context)), routeTable(context)];
}

const byRoute = ['service', 'http_request_method', 'http_route'] as const;

const routeTable = (context: PanelContext): PanelSpec =>
  panelKit(context).table({
    title: 'Routes',
    description: 'Every method and route now. Sort by a column; the one at the top is where to look first.',
    height: 9,
    rows: { service: 'Service', http_request_method: 'Method', http_route: 'Route' },
    columns: [
      { title: 'Rate', unit: 'reqps', query: rateOf(requests.users, ...byRoute) },
      { title: 'Error ratio', unit: 'percentunit', query: requests.errorRatio(...byRoute) },
      { title: 'p95', unit: 's', query: requests.latency(0.95, ...byRoute) },
    ],
    sortBy: 'Rate',
  });
