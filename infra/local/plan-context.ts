import type { Stack } from '../stack.ts';
import type { Extra } from './extras.ts';
import type { LocalPorts } from './ports.ts';
import type { LocalSettings } from './settings.ts';

/** What every process of the plan is derived from. */
export interface PlanContext {
  readonly stack: Stack;
  readonly ports: LocalPorts;
  readonly settings: LocalSettings;
  readonly stateDir: string;
  readonly with: readonly Extra[];
}
