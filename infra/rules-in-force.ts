import { overridden, turnedOff } from '../alerts/overrides.ts';
import type { RecordingGroup } from '../alerts/recording.ts';
import type { AlertRule, AnyAlertRule, LogAlertRule } from '../alerts/rule.ts';
import { allLogRules, logRulesByDomain, rulesByDomain } from '../alerts/rules/index.ts';
import { buildSlos } from '../alerts/slo/index.ts';
import type { ThresholdValues } from '../telemetry/query/query.ts';
import type { EnvironmentConfig } from './config.ts';

/** What Prometheus and Loki's ruler evaluate in one environment. */
export interface RulesInForce {
  readonly thresholds: ThresholdValues;
  /** By the domain that becomes a rule group, the environment's overrides in them. */
  readonly rules: Readonly<Record<string, readonly AlertRule[]>>;
  /** The same about log lines, for Loki's ruler. */
  readonly logRules: Readonly<Record<string, readonly LogAlertRule[]>>;
  /** What rules and panels share, evaluated once. */
  readonly recordings: readonly RecordingGroup[];
  /** Rules that the environment does without for now. */
  readonly off: readonly AnyAlertRule[];
}

/**
 * @param today the day that overrides are judged by, `2030-01-31`
 * @throws SightlineError SL1531 to SL1537 for an SLO that the environment's periods make impossible
 */
export function rulesInForce(config: EnvironmentConfig, today: string): RulesInForce {
  const thresholds = withoutUndefined(config.thresholds);
  const changes = { thresholds, overrides: config.alerts.overrides };
  const slos = buildSlos({ period: config.slo.window, retention: config.prometheus.retentionTime });
  const declaredRules = { ...rulesByDomain, slo: slos.alerts };
  const inForce = <R extends AnyAlertRule>(domains: Readonly<Record<string, readonly R[]>>) =>
    Object.fromEntries(
      Object.entries(domains).map(([domain, declared]) => [domain, overridden(declared, changes, today)]),
    );
  return {
    thresholds,
    rules: inForce<AlertRule>(declaredRules),
    logRules: inForce<LogAlertRule>(logRulesByDomain),
    recordings: slos.recordings,
    off: turnedOff([...Object.values(declaredRules).flat(), ...allLogRules], config.alerts.overrides, today),
  };
}

function withoutUndefined(values: EnvironmentConfig['thresholds']): ThresholdValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
