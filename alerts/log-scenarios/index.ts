import { generalLogScenarios } from './general.ts';
import type { LogScenario } from './scenario.ts';
import { securityLogScenarios } from './security.ts';
import { workLogScenarios } from './work.ts';

export const allLogScenarios: readonly LogScenario[] = [
  ...generalLogScenarios,
  ...securityLogScenarios,
  ...workLogScenarios,
];
