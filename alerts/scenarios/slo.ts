import { everydaySlos } from '../slo/index.ts';
import type { SloPlan } from '../slo/plan.ts';
import type { Scenario } from './scenario.ts';
import { blindScenarios } from './slo-blind.ts';
import { burnScenarios } from './slo-burn.ts';

/** The scenarios of SLOs over the period that they are planned for. */
export const sloScenariosOf = (plans: readonly SloPlan[]): readonly Scenario[] =>
  plans.flatMap((plan) => [...burnScenarios(plan), ...blindScenarios(plan.slo)]);

export const sloScenarios = sloScenariosOf(everydaySlos.plans);
