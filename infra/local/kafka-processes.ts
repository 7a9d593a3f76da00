import type { ProcessSpec } from './process-spec.ts';
import type { PlanContext } from './service-processes.ts';

/** What `--with kafka` adds beside Dapr. */
export const kafkaProcesses = (_context: PlanContext): readonly ProcessSpec[] => [];
