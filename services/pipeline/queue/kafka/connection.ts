import { readFileSync } from 'node:fs';
import type { BaseOptions } from '@platformatic/kafka';
import { SightlineError } from '../../../../telemetry/errors.ts';
import type { PipelineConfig } from '../../config/schema.ts';

export type KafkaConfig = PipelineConfig['kafka'];

/** Milliseconds that one request, or one try to connect, may take. */
const requestTimeout = 10_000;
const connectTimeout = 5000;
/** How soon a moved leader is noticed, in milliseconds. */
const metadataMaxAge = 5000;

/**
 * What every client of the broker is made with.
 * @throws SightlineError SL1709 when the authority's certificate cannot be read
 */
export function connectionOf(config: KafkaConfig, clientId: string): BaseOptions {
  const { brokers, tls, caFile, saslMechanism, saslUsername, saslPassword } = config;
  return {
    clientId,
    bootstrapBrokers: [...brokers],
    ...{ connectTimeout, requestTimeout, metadataMaxAge },
    ...(tls ? { tls: caFile === undefined ? {} : { ca: certificate(caFile) }, tlsServerName: true } : {}),
    ...(saslMechanism === undefined || saslUsername === undefined || saslPassword === undefined
      ? {}
      : { sasl: { mechanism: saslMechanism, username: saslUsername, password: saslPassword } }),
  };
}

function certificate(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new SightlineError('SL1709', {
      what: 'the certificate of the authority behind the Kafka brokers cannot be read',
      where: file,
      fix: 'give kafka.caFile as a PEM file that the process may read',
      cause,
    });
  }
}

/** What a person needs of an error of the client, which nests those of every try, and what the network said. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors.at(-1));
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} ${reasonOf(error.cause)}` : error.message;
}
