import type { Scenario } from '../scenario.ts';
import { connectionEdges } from './connections.ts';
import { daprEdges } from './dapr.ts';
import { eventEdges } from './events.ts';
import { hostEdges } from './hosts.ts';
import { httpEdges } from './http.ts';
import { infrastructureEdges } from './infrastructure.ts';
import { kubernetesEdges } from './kubernetes.ts';
import { pipelineEdges } from './log-pipeline.ts';
import { lokiRulerEdges } from './loki-ruler.ts';
import { platformEdges } from './platform.ts';
import { probeEdges } from './probes.ts';
import { requestEdges } from './requests.ts';
import { serviceEdges } from './services.ts';
import { stackEdges } from './stack.ts';
import { throughputEdges } from './throughput.ts';
import { websocketEdges } from './websocket.ts';
import { workEdges } from './work.ts';

/** Scenarios at the edges of the rules: they tell a rule from the same rule with a number or a label wrong. */
export const edgeScenarios: readonly Scenario[] = [
  ...serviceEdges,
  ...httpEdges,
  ...eventEdges,
  ...throughputEdges,
  ...websocketEdges,
  ...connectionEdges,
  ...stackEdges,
  ...workEdges,
  ...daprEdges,
  ...requestEdges,
  ...platformEdges,
  ...infrastructureEdges,
  ...lokiRulerEdges,
  ...pipelineEdges,
  ...hostEdges,
  ...kubernetesEdges,
  ...probeEdges,
];
