import { muteWindowsOf } from '../alerts/mute-windows.ts';
import { dayOf } from '../alerts/overrides.ts';
import { type Routing, routingFor } from '../alerts/routing.ts';
import type { AnyAlertRule } from '../alerts/rule.ts';
import { buildDashboards, type GeneratedDashboard } from '../dashboards/index.ts';
import type { Placement } from '../telemetry/contract/relabelling.ts';
import type { EnvironmentConfig } from './config.ts';
import { type RulesInForce, rulesInForce } from './rules-in-force.ts';

/** A process or container that is scraped, and whose output is collected. */
interface Instance {
  readonly placement: Placement;
  /** `host:port` that Prometheus scrapes; without it the instance only writes logs. */
  readonly address?: string;
  /** Prometheus' name for it, where an instance of the same service has the service's own. */
  readonly job?: string;
}

/** Where a person's browser reaches what the stack serves. */
interface Links {
  readonly prometheus: string;
  readonly alertmanager: string;
  /** Dashboards and Explore links: Grafana where it runs, the built-in preview otherwise. */
  readonly dashboards: string;
  /** What serves `/explore`. */
  readonly explore: string;
  /** Address of a runbook, `{id}` in place of its name. */
  readonly runbooks: string;
}

/** The same for other components of the stack too. */
export interface StackUrls extends Links {
  readonly loki: string;
}

/** What is the same wherever an environment is deployed. */
export interface EnvironmentStack extends RulesInForce {
  readonly config: EnvironmentConfig;
  /** Divides every duration of rules, routing and scraping. 1 but in tests. */
  readonly timeScale: number;
  readonly urls: Links;
  /** The day that overrides are judged by, `2030-01-31`. */
  readonly today: string;
  readonly routing: Routing;
  readonly dashboards: readonly GeneratedDashboard[];
}

/** The whole stack of one environment on one target, as plain data; `render/` and the targets do the rest. */
export interface Stack extends EnvironmentStack {
  readonly instances: readonly Instance[];
  readonly urls: StackUrls;
}

interface EnvironmentInput {
  readonly config: EnvironmentConfig;
  readonly urls: Links;
  readonly timeScale?: number;
  /** Today by default. */
  readonly today?: string;
}

export function buildEnvironment({ config, urls, ...input }: EnvironmentInput): EnvironmentStack {
  const today = input.today ?? dayOf(new Date());
  const inForce = rulesInForce(config, today);
  return {
    ...inForce,
    config,
    timeScale: input.timeScale ?? 1,
    urls,
    today,
    routing: routingFor(alertsOf(inForce), {
      paging: config.paging !== 'none',
      muteWindows: muteWindowsOf(config.alerts.muteWindows),
    }),
    dashboards: buildDashboards({ thresholds: inForce.thresholds, runbooks: urls.runbooks }),
  };
}

/** Every alert in force, whoever evaluates it. */
export const alertsOf = ({
  rules,
  logRules,
}: Pick<RulesInForce, 'rules' | 'logRules'>): readonly AnyAlertRule[] => [
  ...Object.values(rules).flat(),
  ...Object.values(logRules).flat(),
];

export function buildStack(input: EnvironmentInput & Pick<Stack, 'instances' | 'urls'>): Stack {
  const { instances, urls } = input;
  return { ...buildEnvironment(input), instances, urls };
}
