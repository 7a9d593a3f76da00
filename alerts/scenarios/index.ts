import { edgeScenarios } from './edges/index.ts';
import { eventScenarios } from './events.ts';
import { httpScenarios } from './http.ts';
import type { Scenario } from './scenario.ts';
import { serviceScenarios } from './services.ts';
import { stackScenarios } from './stack.ts';
import { websocketScenarios } from './websocket.ts';

export const allScenarios: readonly Scenario[] = [
  ...serviceScenarios,
  ...httpScenarios,
  ...eventScenarios,
  ...websocketScenarios,
  ...stackScenarios,
  ...edgeScenarios,
];
