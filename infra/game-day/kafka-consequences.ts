import { allow, budgetSpent } from './consequences.ts';
import type { AlertOf, Consequence } from './expectation.ts';
import { withoutLoki } from './pipeline-stops.ts';

/** Kafka's alerts are about groups and topics, and none of them about a service. */
const ofKafka = '';

export const brokersMissing: AlertOf = { family: 'KafkaBrokersMissing', service: ofKafka };

/** The group of the sidecar that has ended reads nothing, while events for it go on. */
export const readerStuck: AlertOf = { family: 'KafkaConsumerStuck', service: ofKafka };

export const readersLate: readonly Consequence[] = allow(
  ofKafka,
  'events wait for a group whose reader is away, or is only just back',
  'KafkaConsumerStuck',
  'KafkaConsumerLag',
);

/** The log pipeline's queue is in Kafka too: it takes nothing, and brings nothing to Loki. */
export const withoutQueue: readonly Consequence[] = [
  ...withoutLoki,
  ...allow(
    'log-gateway',
    'what it takes it could not keep, so it refuses it',
    'LogEntriesRefused',
    'HealthCheckFailing',
  ),
  ...budgetSpent('log-gateway', 'health'),
];
