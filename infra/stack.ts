import { type Routing, routingFor } from '../alerts/routing.ts';
import type { AlertRule } from '../alerts/rule.ts';
import { allRules, rulesByDomain } from '../alerts/rules/index.ts';
import { buildDashboards, type GeneratedDashboard } from '../dashboards/index.ts';
import type { Placement } from '../telemetry/contract/relabelling.ts';
import type { ThresholdValues } from '../telemetry/query/query.ts';
import type { EnvironmentConfig } from './config.ts';

/** A process or container that is scraped, and whose output is collected. */
export interface Instance {
  readonly placement: Placement;
  /** `host:port` that Prometheus scrapes; without it the instance only writes logs. */
  readonly address?: string;
}

/** Where a person's browser, or another component, reaches what the stack serves. */
export interface StackUrls {
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly loki: string;
  /** Dashboards and Explore links: Grafana where it runs, the built-in preview otherwise. */
  readonly dashboards: string;
  /** What serves `/explore`. */
  readonly explore: string;
  /** Address of a runbook, `{id}` in place of its name. */
  readonly runbooks: string;
}

/** The whole stack of one environment, as plain data; `render/` and the targets do the rest. */
export interface Stack {
  readonly config: EnvironmentConfig;
  readonly thresholds: ThresholdValues;
  /** Divides every duration of rules, routing and scraping. 1 but in tests. */
  readonly timeScale: number;
  readonly instances: readonly Instance[];
  readonly urls: StackUrls;
  /** By the domain that becomes a rule group. */
  readonly rules: Readonly<Record<string, readonly AlertRule[]>>;
  readonly routing: Routing;
  readonly dashboards: readonly GeneratedDashboard[];
}

export function buildStack(input: {
  readonly config: EnvironmentConfig;
  readonly instances: readonly Instance[];
  readonly urls: StackUrls;
  readonly timeScale?: number;
}): Stack {
  const thresholds = withoutUndefined(input.config.thresholds);
  return {
    config: input.config,
    thresholds,
    timeScale: input.timeScale ?? 1,
    instances: input.instances,
    urls: input.urls,
    rules: rulesByDomain,
    routing: routingFor(allRules, { paging: input.config.paging !== 'none' }),
    dashboards: buildDashboards({ thresholds }),
  };
}

function withoutUndefined(values: EnvironmentConfig['thresholds']): ThresholdValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
