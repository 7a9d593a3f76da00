import { everydaySlos } from '../slo/index.ts';
import type { Scenario } from './scenario.ts';
import { blindScenarios } from './slo-blind.ts';
import { burnScenarios } from './slo-burn.ts';

export const sloScenarios: readonly Scenario[] = everydaySlos.plans.flatMap((plan) => [
  ...burnScenarios(plan),
  ...blindScenarios(plan.slo),
]);
