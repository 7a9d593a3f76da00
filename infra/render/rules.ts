import { teamLabel } from '../../alerts/ownership.ts';
import type { RecordingGroup } from '../../alerts/recording.ts';
import { type AlertRule, type AnyAlertRule, deploymentLabels, type LogAlertRule } from '../../alerts/rule.ts';
import { datasources } from '../../telemetry/contract/links.ts';
import { renderQuery, type ThresholdValues } from '../../telemetry/query/query.ts';
import { scaleDuration, scaleQueryTime } from '../../telemetry/query/scale-time.ts';
import { recordingGroups } from './recordings.ts';
import { savedQueryUrlOf } from './saved-query-url.ts';
import { toYaml } from './yaml.ts';

export interface RuleOptions {
  /** Values that differ from the contract's defaults. */
  readonly thresholds: ThresholdValues;
  /** Windows and waiting times are divided by this; 1 everywhere but in tests. */
  readonly timeScale: number;
  /** Labels of the deployment; alerts without them from their series get them from here. */
  readonly cluster: string;
  readonly environment: string;
  readonly baseUrls: {
    /** What serves `/d/<uid>`: Grafana, or the preview. */
    readonly dashboards: string;
    /** What serves `/explore`; without it alerts have no link to their logs and saved queries. */
    readonly explore?: string;
    /** Address of a runbook, `{id}` in place of its name. */
    readonly runbooks: string;
  };
}

/** A rule as Prometheus (and the operator's PrometheusRule, and Loki) spells it. */
interface PrometheusRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly PrometheusRule[];
}

/** One group a domain, in the order of declaration. */
export function ruleGroups(
  rulesByDomain: Readonly<Record<string, readonly AnyAlertRule[]>>,
  options: RuleOptions,
): readonly RuleGroup[] {
  return Object.entries(rulesByDomain).map(([domain, rules]) => ({
    name: `sightline.${domain}`,
    rules: rules.map((rule) => prometheusRule(rule, options)),
  }));
}

/** The text of a Prometheus rule file: what is recorded, then the alerts that read it. */
export function renderRules(
  rulesByDomain: Readonly<Record<string, readonly AlertRule[]>>,
  options: RuleOptions,
  recordings: readonly RecordingGroup[],
): string {
  return toYaml({ groups: [...recordingGroups(recordings, options), ...ruleGroups(rulesByDomain, options)] });
}

/** The text of a rule file of Loki's ruler: the same form, with LogQL in it. */
export function renderLogRules(
  rulesByDomain: Readonly<Record<string, readonly LogAlertRule[]>>,
  options: RuleOptions,
): string {
  return toYaml({ groups: ruleGroups(rulesByDomain, options) });
}

function prometheusRule(rule: AnyAlertRule, options: RuleOptions): PrometheusRule {
  const { timeScale } = options;
  return {
    alert: rule.name,
    expr: scaleQueryTime(renderQuery(rule.expr, options.thresholds), timeScale, rule.expr.language),
    ...(rule.for && { for: scaleDuration(rule.for.duration, timeScale) }),
    ...(rule.keepFiringFor && { keep_firing_for: scaleDuration(rule.keepFiringFor.duration, timeScale) }),
    labels: { severity: rule.severity, team: teamLabel(rule), ...ownDeploymentLabels(rule, options) },
    annotations: annotations(rule, options),
  };
}

/** What the alert does not have from its series. */
function ownDeploymentLabels(rule: AnyAlertRule, options: RuleOptions): Record<string, string> {
  return Object.fromEntries(
    deploymentLabels.filter((label) => !rule.by.includes(label)).map((label) => [label, options[label]]),
  );
}

function annotations(rule: AnyAlertRule, options: RuleOptions): Record<string, string> {
  const { runbooks, explore } = options.baseUrls;
  const logs = logsUrl(rule, options);
  const savedQuery = explore && savedQueryUrlOf(rule);
  return {
    summary: rule.summary,
    description: rule.description,
    runbook_url: runbooks.replace('{id}', rule.runbook),
    dashboard_url: dashboardUrl(rule, options),
    ...(logs && { logs_url: logs }),
    ...(savedQuery && { saved_query_url: `${explore}${savedQuery}` }),
  };
}

/** Prometheus fills the holes in an annotation when the alert fires; `$labels` has the labels of the series only. */
function dashboardUrl(rule: AnyAlertRule, options: RuleOptions): string {
  const own: Readonly<Record<string, string>> = ownDeploymentLabels(rule, options);
  const variables = rule.dashboard.variables.map((name) => {
    const value = own[name];
    return `var-${name}=${value === undefined ? encodedHole(name) : encodeURIComponent(value)}`;
  });
  const query = [...variables, 'from=now-1h', 'to=now'].join('&');
  return `${options.baseUrls.dashboards}/d/${rule.dashboard.uid}?${query}`;
}

function logsUrl(rule: AnyAlertRule, options: RuleOptions): string | undefined {
  if (!rule.logs || !options.baseUrls.explore) return undefined;
  const { uid, type } = datasources.loki;
  const pane = {
    datasource: uid,
    queries: [
      {
        refId: 'A',
        datasource: { type, uid },
        expr: renderQuery(rule.logs),
        queryType: 'range',
        editorMode: 'code',
      },
    ],
    range: { from: 'now-1h', to: 'now' },
  };
  const panes = encodeAroundHoles(JSON.stringify({ a1b: pane }));
  return `${options.baseUrls.explore}/explore?schemaVersion=1&orgId=1&panes=${panes}`;
}

const encodedHole = (label: string): string => `{{ $labels.${label} | urlquery }}`;

/** Percent-encodes the text, but leaves the label holes to Prometheus, which encodes what it fills in. */
function encodeAroundHoles(text: string): string {
  return text
    .split(/\{\{ \$labels\.(\w+) \}\}/)
    .map((part, index) => (index % 2 === 0 ? encodeURIComponent(part) : encodedHole(part)))
    .join('');
}
