import { componentPorts } from '../../telemetry/contract/ports.ts';
import { platformTenant } from '../../telemetry/contract/services.ts';
import type { EnvironmentName } from '../config/names.ts';
import type { EnvironmentStack } from '../stack.ts';
import { type AlertmanagerOptions, renderAlertmanager } from './alertmanager.ts';
import { componentUrls } from './component-urls.ts';
import { dashboardPath, renderGrafana } from './grafana/provisioning.ts';
import { lokiLimits } from './loki.ts';
import { pipelineStages } from './promtail.ts';
import { type RuleOptions, renderLogRules, renderRules } from './rules.ts';
import { toYaml } from './yaml.ts';

/** Where rendered files lie below a folder, on every target. */
export const renderedPaths = {
  config: 'config',
  rules: 'config/rules/sightline.yml',
  /** Holds a folder a tenant, as Loki's ruler wants it. */
  logRules: 'config/log-rules',
} as const;

/** What of the stack goes into its rules, whoever evaluates them. */
export const ruleOptions = (stack: EnvironmentStack): RuleOptions => ({
  thresholds: stack.thresholds,
  timeScale: stack.timeScale,
  cluster: stack.config.cluster,
  environment: stack.config.environment,
  baseUrls: stack.urls,
});

/**
 * What components read that is the same on every target, by path relative to `root`: rules, routing with its
 * templates, dashboards.
 */
export function renderCommon(
  stack: EnvironmentStack,
  options: { readonly root: string } & Pick<AlertmanagerOptions, 'resolveSecret'>,
): ReadonlyMap<string, string> {
  const { config } = renderedPaths;
  const rules = ruleOptions(stack);
  const alertmanager = renderAlertmanager(stack.routing, {
    timeScale: stack.timeScale,
    resolveSecret: options.resolveSecret,
    templatesGlob: `${options.root}/${config}/templates/*.tmpl`,
  });
  return new Map([
    [renderedPaths.rules, renderRules(stack.rules, rules, stack.recordings)],
    [`${renderedPaths.logRules}/${platformTenant}/sightline.yml`, renderLogRules(stack.logRules, rules)],
    ...[...alertmanager].map(([path, text]) => [`${config}/${path}`, text] as const),
    ...stack.dashboards.map(({ uid, json }) => [dashboardPath(uid), json] as const),
  ]);
}

/**
 * An environment as far as it is known before the target: what is common, and of Loki's and Promtail's configuration
 * the parts that do not depend on storage and discovery. Secrets are named by the files they are read from.
 */
export function renderEnvironment(
  stack: EnvironmentStack,
  { root }: { readonly root: string },
): ReadonlyMap<string, string> {
  const { config } = renderedPaths;
  const { environment } = stack.config;
  return new Map([
    ...renderCommon(stack, {
      root,
      resolveSecret: ({ secretRef }) => ({ kind: 'file', path: `${root}/secrets/${secretRef}` }),
    }),
    ...(environment === 'local' ? [] : grafanaOf(stack, environment, root)),
    [`${config}/loki-limits.yaml`, toYaml({ limits_config: lokiLimits(stack.config) })],
    [`${config}/promtail-stages.yaml`, toYaml({ pipeline_stages: pipelineStages() })],
  ]);
}

const grafanaOf = (
  stack: EnvironmentStack,
  environment: Exclude<EnvironmentName, 'local'>,
  root: string,
): ReadonlyMap<string, string> =>
  renderGrafana(stack, {
    root,
    sources: componentUrls(environment, stack.config),
    server: { rootUrl: stack.urls.dashboards, port: componentPorts.grafana },
  });
