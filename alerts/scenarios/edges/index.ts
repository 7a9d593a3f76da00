import type { Scenario } from '../scenario.ts';
import { eventEdges } from './events.ts';
import { httpEdges } from './http.ts';
import { serviceEdges } from './services.ts';
import { stackEdges } from './stack.ts';
import { websocketEdges } from './websocket.ts';

/** Scenarios at the edges of the rules: they tell a rule from the same rule with a number or a label wrong. */
export const edgeScenarios: readonly Scenario[] = [
  ...serviceEdges,
  ...httpEdges,
  ...eventEdges,
  ...websocketEdges,
  ...stackEdges,
];
