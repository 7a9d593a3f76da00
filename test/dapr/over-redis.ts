import type { TestProject } from 'vitest/node';
import { shareDelivering } from './broker.ts';

/** One stack whose services speak through Dapr sidecars, over Redis. */
export default (project: TestProject): Promise<() => Promise<void>> => shareDelivering(project, ['dapr']);
