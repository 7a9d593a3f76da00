import type { Scenario } from '../scenario.ts';
import { daprEdges } from './dapr.ts';
import { eventEdges } from './events.ts';
import { httpEdges } from './http.ts';
import { infrastructureEdges } from './infrastructure.ts';
import { platformEdges } from './platform.ts';
import { requestEdges } from './requests.ts';
import { serviceEdges } from './services.ts';
import { stackEdges } from './stack.ts';
import { websocketEdges } from './websocket.ts';
import { workEdges } from './work.ts';

/** Scenarios at the edges of the rules: they tell a rule from the same rule with a number or a label wrong. */
export const edgeScenarios: readonly Scenario[] = [
  ...serviceEdges,
  ...httpEdges,
  ...eventEdges,
  ...websocketEdges,
  ...stackEdges,
  ...workEdges,
  ...daprEdges,
  ...requestEdges,
  ...platformEdges,
  ...infrastructureEdges,
];
