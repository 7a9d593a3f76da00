import type { TestProject } from 'vitest/node';
import { shareDelivering } from './broker.ts';

/** One stack whose services speak through Dapr sidecars, over a Kafka broker. */
export default (project: TestProject): Promise<() => Promise<void>> =>
  shareDelivering(project, ['dapr', 'kafka']);
