import { z } from 'zod';
import { address, authorities, type Complaint, volume, yesOrNo } from './forms.ts';
import type { ClusterEnvironment } from './names.ts';

/** As Kafka spells them. */
const saslMechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

const sasl = z.strictObject({
  mechanism: z.enum(saslMechanisms).describe('How the password is shown to the brokers'),
  user: z
    .string()
    .regex(/^[\w.@$-]{1,200}$/)
    .meta({
      description: 'Who the stack is to the brokers; the password is the secret KAFKA_PASSWORD',
      allowed: 'letters, digits, dots, hyphens, underscores, @ and $',
    }),
});

const existing = z.strictObject({
  brokers: z
    .array(address)
    .min(1)
    .max(20)
    .refine((brokers) => new Set(brokers).size === brokers.length)
    .meta({
      description:
        'Brokers that the others are learned from; each must be reached by the name that it gives itself',
      allowed: 'a list of host:port, each once, such as kafka-0.kafka.example.com:9093',
    }),
  tls: yesOrNo('Whether the brokers speak TLS; their certificates are verified against their names'),
  ca: authorities(
    'The authority that signed the certificates of the brokers; those that images trust when left out',
  ),
  sasl: sasl.optional().describe('Who the stack is to the brokers; nobody in particular when left out'),
});

/** Brokers, whoever runs them. Keys of one kind are below its name, so that no key of another can stand beside them. */
export const kafkaSchema = z
  .strictObject({
    single: z
      .strictObject({ volume: volume.describe('Its disk; records are kept a day') })
      .optional()
      .describe('A broker of our own, in dev: one node, one copy of each record'),
    existing: existing.optional().describe('Brokers that are there already'),
  })
  .refine((value) => Object.keys(value).length === 1)
  .meta({ allowed: 'exactly one of single, existing' });

export type KafkaKeys = z.infer<typeof kafkaSchema>;

export function kafkaComplaints(
  kafka: KafkaKeys,
  environment: ClusterEnvironment | string,
): readonly Complaint[] {
  const { single, existing: brokers } = kafka;
  const found: readonly (Complaint | false | undefined)[] = [
    single &&
      environment !== 'dev' && {
        path: ['single'],
        input: 'a broker of our own',
        allowed: 'existing: one node keeps one copy of each record, which is for dev alone',
      },
    brokers?.sasl &&
      !brokers.tls && {
        path: ['existing', 'tls'],
        input: brokers.tls,
        allowed: 'true: a password is sent to the brokers',
      },
    brokers?.ca !== undefined &&
      !brokers.tls && {
        path: ['existing', 'ca'],
        input: 'certificates',
        allowed: 'nothing without tls: true',
      },
  ];
  return found.filter((each): each is Complaint => typeof each === 'object');
}
