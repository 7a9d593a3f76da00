import type { AlertRule, AnyAlertRule, LogAlertRule } from '../rule.ts';
import { everydaySlos } from '../slo/index.ts';
import { availabilityRules } from './availability.ts';
import { connectionRules } from './connections.ts';
import { daprRules } from './dapr.ts';
import { eventRules } from './events.ts';
import { hostRules } from './hosts.ts';
import { httpRules } from './http.ts';
import { kafkaRules } from './kafka.ts';
import { kubernetesRules } from './kubernetes.ts';
import { podRules } from './kubernetes-pods.ts';
import { canaryRules } from './log-canary.ts';
import { pipelineRules } from './log-pipeline.ts';
import { loggingRules } from './logging.ts';
import { logRules } from './logs.ts';
import { workLogRules } from './logs-work.ts';
import { lokiRulerRules } from './loki-ruler.ts';
import { prometheusRules } from './prometheus.ts';
import { serviceRules } from './services.ts';
import { stackRules } from './stack.ts';
import { throughputRules } from './throughput.ts';
import { websocketRules } from './websocket.ts';
import { workRules } from './work.ts';

/**
 * Every rule, by the domain that becomes its group in Prometheus. Those of SLOs depend on the environment's period:
 * `infra/stack.ts` puts its own in place of these.
 */
export const rulesByDomain = {
  services: [...serviceRules, ...availabilityRules],
  http: httpRules,
  events: [...eventRules, ...throughputRules],
  websocket: [...websocketRules, ...connectionRules],
  work: workRules,
  slo: everydaySlos.alerts,
  dapr: daprRules,
  kafka: kafkaRules,
  'log-pipeline': [...pipelineRules, ...canaryRules],
  hosts: hostRules,
  kubernetes: [...podRules, ...kubernetesRules],
  stack: [...stackRules, ...prometheusRules, ...loggingRules, ...lokiRulerRules],
} as const satisfies Record<string, readonly AlertRule[]>;

/** What Prometheus evaluates. */
export const metricRules: readonly AlertRule[] = Object.values(rulesByDomain).flat();

/** The same about log lines: the groups of Loki's ruler. */
export const logRulesByDomain = {
  logs: logRules,
  'logs-work': workLogRules,
} as const satisfies Record<string, readonly LogAlertRule[]>;

export const allLogRules: readonly LogAlertRule[] = Object.values(logRulesByDomain).flat();

export const allRules: readonly AnyAlertRule[] = [...metricRules, ...allLogRules];
