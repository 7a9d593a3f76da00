import { availabilityScenarios } from './availability.ts';
import { connectionScenarios } from './connections.ts';
import { daprScenarios } from './dapr.ts';
import { edgeScenarios } from './edges/index.ts';
import { eventScenarios } from './events.ts';
import { hostScenarios } from './hosts.ts';
import { httpScenarios } from './http.ts';
import { kafkaScenarios } from './kafka.ts';
import { kubernetesScenarios } from './kubernetes.ts';
import { pipelineScenarios } from './log-pipeline.ts';
import { loggingScenarios } from './logging.ts';
import { lokiRulerScenarios } from './loki-ruler.ts';
import { prometheusScenarios } from './prometheus.ts';
import type { Scenario } from './scenario.ts';
import { serviceScenarios } from './services.ts';
import { sloScenarios } from './slo.ts';
import { stackScenarios } from './stack.ts';
import { throughputScenarios } from './throughput.ts';
import { websocketScenarios } from './websocket.ts';
import { workScenarios } from './work.ts';

export const allScenarios: readonly Scenario[] = [
  ...serviceScenarios,
  ...availabilityScenarios,
  ...httpScenarios,
  ...eventScenarios,
  ...throughputScenarios,
  ...websocketScenarios,
  ...connectionScenarios,
  ...workScenarios,
  ...daprScenarios,
  ...kafkaScenarios,
  ...pipelineScenarios,
  ...hostScenarios,
  ...kubernetesScenarios,
  ...stackScenarios,
  ...prometheusScenarios,
  ...loggingScenarios,
  ...lokiRulerScenarios,
  ...sloScenarios,
  ...edgeScenarios,
];
