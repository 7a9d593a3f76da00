import type { TestProject } from 'vitest/node';
import { shareStack } from '../e2e/setup.ts';

/** One stack whose services speak through Dapr sidecars, over a Kafka broker. */
export default (project: TestProject): Promise<() => Promise<void>> => shareStack(project, ['dapr', 'kafka']);
