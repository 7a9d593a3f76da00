import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { topics } from '../../../telemetry/contract/labels.ts';
import type { ServiceName } from '../../../telemetry/contract/services.ts';
import { EmbeddedTransport } from '../bus/embedded-transport.ts';
import { noTrouble } from './no-trouble.ts';

/**
 * Stands in for services that do not run in a test: takes their events off the bus. Otherwise the events stay,
 * and one of the same id is not taken a second time.
 */
export async function drainFor(directory: string, services: readonly ServiceName[]): Promise<void> {
  for (const subscriber of services) {
    const transport = new EmbeddedTransport({ path: join(directory, 'event-bus.sqlite'), subscriber });
    onTestFinished(() => transport.stop());
    await transport.start(topics, async () => ({ outcome: 'success' }), noTrouble);
  }
}
