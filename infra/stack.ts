import { muteWindowsOf } from '../alerts/mute-windows.ts';
import { dayOf, overridden, turnedOff } from '../alerts/overrides.ts';
import type { RecordingGroup } from '../alerts/recording.ts';
import { type Routing, routingFor } from '../alerts/routing.ts';
import type { AlertRule, AnyAlertRule, LogAlertRule } from '../alerts/rule.ts';
import { allLogRules, logRulesByDomain, rulesByDomain } from '../alerts/rules/index.ts';
import { buildSlos } from '../alerts/slo/index.ts';
import { buildDashboards, type GeneratedDashboard } from '../dashboards/index.ts';
import type { Placement } from '../telemetry/contract/relabelling.ts';
import type { ThresholdValues } from '../telemetry/query/query.ts';
import type { EnvironmentConfig } from './config.ts';

/** A process or container that is scraped, and whose output is collected. */
interface Instance {
  readonly placement: Placement;
  /** `host:port` that Prometheus scrapes; without it the instance only writes logs. */
  readonly address?: string;
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
export interface EnvironmentStack {
  readonly config: EnvironmentConfig;
  readonly thresholds: ThresholdValues;
  /** Divides every duration of rules, routing and scraping. 1 but in tests. */
  readonly timeScale: number;
  readonly urls: Links;
  /** The day that overrides are judged by, `2030-01-31`. */
  readonly today: string;
  /** By the domain that becomes a rule group, the environment's overrides in them. */
  readonly rules: Readonly<Record<string, readonly AlertRule[]>>;
  /** The same about log lines, for Loki's ruler. */
  readonly logRules: Readonly<Record<string, readonly LogAlertRule[]>>;
  /** What rules and panels share, evaluated once. */
  readonly recordings: readonly RecordingGroup[];
  /** Rules that the environment does without for now. */
  readonly off: readonly AnyAlertRule[];
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
  const thresholds = withoutUndefined(config.thresholds);
  const today = input.today ?? dayOf(new Date());
  const changes = { thresholds, overrides: config.alerts.overrides };
  const slos = buildSlos({ period: config.slo.window, retention: config.prometheus.retentionTime });
  const declaredRules = { ...rulesByDomain, slo: slos.alerts };
  const inForce = <R extends AnyAlertRule>(domains: Readonly<Record<string, readonly R[]>>) =>
    Object.fromEntries(
      Object.entries(domains).map(([domain, declared]) => [domain, overridden(declared, changes, today)]),
    );
  const rules = inForce<AlertRule>(declaredRules);
  const logRules = inForce<LogAlertRule>(logRulesByDomain);
  return {
    config,
    thresholds,
    timeScale: input.timeScale ?? 1,
    urls,
    today,
    rules,
    logRules,
    recordings: slos.recordings,
    off: turnedOff([...Object.values(declaredRules).flat(), ...allLogRules], config.alerts.overrides, today),
    routing: routingFor(alertsOf({ rules, logRules }), {
      paging: config.paging !== 'none',
      muteWindows: muteWindowsOf(config.alerts.muteWindows),
    }),
    dashboards: buildDashboards({ thresholds }),
  };
}

/** Every alert in force, whoever evaluates it. */
export const alertsOf = ({
  rules,
  logRules,
}: Pick<EnvironmentStack, 'rules' | 'logRules'>): readonly AnyAlertRule[] => [
  ...Object.values(rules).flat(),
  ...Object.values(logRules).flat(),
];

export function buildStack(input: EnvironmentInput & Pick<Stack, 'instances' | 'urls'>): Stack {
  const { instances, urls } = input;
  return { ...buildEnvironment(input), instances, urls };
}

function withoutUndefined(values: EnvironmentConfig['thresholds']): ThresholdValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
