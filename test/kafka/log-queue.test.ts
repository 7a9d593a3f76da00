import { afterAll, beforeAll } from 'vitest';
import { describeLogQueue } from '../../services/pipeline/queue/contract.ts';
import { type KafkaBroker, startKafkaBroker } from '../support/kafka-broker.ts';
import { queueUnderTest } from './support/queue-under-test.ts';

let broker: KafkaBroker;
beforeAll(async () => {
  broker = await startKafkaBroker();
});
afterAll(() => broker.stop());

describeLogQueue('the queue in Kafka', async () => queueUnderTest(broker.bootstrap, 1));
