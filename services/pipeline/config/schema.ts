import { z } from 'zod';
import { pipelineServices } from '../../../telemetry/contract/pipeline.ts';
import { componentPorts } from '../../../telemetry/contract/ports.ts';
import { namespaces } from '../../../telemetry/contract/services.ts';

const url = z.url({ protocol: /^https?$/ });
const port = z.number().int().min(0).max(65_535);
const path = z.string().min(1).max(4096);
const count = (least: number, most: number) => z.number().int().min(least).max(most);

/** Never shown by --print-config or in an error. */
const secret = z.string().min(1).max(4096).meta({ secret: true });
/** Shown without its user and password. */
const secretUrl = (protocol: RegExp) => z.url({ protocol }).meta({ secret: true });

const listener = (defaultPort: number) =>
  z.strictObject({
    host: z.string().min(1).max(255).default('127.0.0.1'),
    port: port.default(defaultPort),
    /** Its port stays closed until this answers with success, ten seconds at most: an order of starting, no need. */
    startAfter: url.optional(),
  });

/** Between the gateway's and the ingestor's. */
const producerPort = 8081;

const megabyte = 1_000_000;

const limits = z.strictObject({
  /** Bytes of a request as sent, and after decompression. */
  bodyBytes: count(1024, 256 * megabyte).default(8 * megabyte),
  decompressedBytes: count(1024, 1024 * megabyte).default(32 * megabyte),
  entriesPerRequest: count(1, 1_000_000).default(50_000),
  messageBytes: count(16, 250_000).default(200_000),
  /** Tags and fields together, as JSON. */
  fieldsBytes: count(16, 250_000).default(32_000),
  nesting: count(1, 64).default(16),
  /** Entries that are older, or further ahead, are refused: Loki would refuse them too. */
  maxAgeHours: z.number().min(0.1).max(8760).default(167),
  maxAheadSeconds: count(0, 3600).default(540),
  requestsPerMinute: count(1, 10_000_000).default(60_000),
  /** Of one address: requests whose key is refused. */
  refusedTriesPerMinute: count(1, 10_000_000).default(300),
  /** Bytes of bodies in memory at once; more is answered with 503. */
  inFlightBytes: count(megabyte, 4096 * megabyte).default(256 * megabyte),
  connections: count(1, 100_000).default(2000),
  searchLines: count(1, 5000).default(1000),
  searchRangeHours: count(1, 8760).default(168),
  tails: count(1, 10_000).default(50),
});

const topic = z.string().regex(/^[A-Za-z0-9._-]{1,249}$/, 'a name of letters, digits, dots, _ and -');

const kafka = z.strictObject({
  brokers: z
    .array(z.string().regex(/^[A-Za-z0-9.[\]_-]+:\d{1,5}$/, 'host:port'))
    .max(50)
    .default([]),
  /** What the gateway queues into; only the pipeline writes and reads it. */
  queueTopic: topic.default('log-queue'),
  /** What applications write to themselves, read where there are organizations. */
  topic: topic.default('logs'),
  deadLetterTopic: topic.default('logs.dead'),
  group: topic.default('log-ingestor'),
  /** Whose entries may come by the topic of the applications: every producer may write for each of them. */
  organizations: z
    .array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/))
    .max(1000)
    .default([]),
  /** Of topics that are made because they are missing; ingestors beyond so many have nothing to do. */
  partitions: count(1, 1000).default(12),
  /** Of topics that are made; as many as there are brokers, at most three, unless given. */
  replicas: count(1, 9).optional(),
  /** How long a request waits for the brokers, longer than one is away when it starts again. */
  acknowledgeWithinSeconds: z.number().min(1).max(300).default(20),
  tls: z.boolean().default(false),
  caFile: path.optional(),
  saslMechanism: z.enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']).optional(),
  saslUsername: z.string().min(1).max(1000).optional(),
  saslPassword: secret.optional(),
});

const keys = z.strictObject({
  file: path.default('data/api-keys.json'),
  /** Tokens by OIDC beside API keys, where there is a JWKS. */
  jwksUrl: url.optional(),
  issuer: z.string().min(1).max(1000).optional(),
  audience: z.string().min(1).max(1000).optional(),
  rolesClaim: z.string().min(1).max(200).default('roles'),
  organizationsClaim: z.string().min(1).max(200).default('organizations'),
});

/** All that the processes of the log pipeline are told, with its defaults. */
export const configSchema = z.strictObject({
  gateway: listener(pipelineServices['log-gateway'].port).prefault({}),
  /** The taking of logs as a process of its own; the gateway hands on to its address where there is one. */
  producer: listener(producerPort).extend({ url: url.optional() }).prefault({}),
  ingestor: listener(pipelineServices['log-ingestor'].port)
    .extend({
      replicas: count(1, 1000).default(1),
      /** Entries of an organization are pushed when there are so many, or the first of them waited so long. */
      batchEntries: count(1, 100_000).default(100),
      batchWaitSeconds: z.number().min(0.01).max(60).default(5),
      maxPushBytes: count(1000, 5 * megabyte).default(megabyte),
      /** The target labels of every stream. */
      labels: z
        .strictObject({
          cluster: z.string().min(1).max(200).default('local'),
          environment: z.string().min(1).max(200).default('local'),
          namespace: z.string().min(1).max(200).default(namespaces.services),
        })
        .prefault({}),
      /** Tags that become labels of the stream, as long as a service has no more streams than this in an hour. */
      labelTags: z.array(z.string().min(1).max(100)).max(10).default([]),
      maxStreamsPerService: count(1, 10_000).default(50),
      /** Services an organization may have in an hour; those beyond share one label, and keep their names beside the line. */
      maxServicesPerOrganization: count(1, 10_000).default(500),
      maxDeadLetters: count(1, 100_000_000).default(100_000),
    })
    .prefault({}),
  queue: z
    .strictObject({
      directory: path.default('data/log-queue'),
      /** The queue is full at so many bytes of batches, compressed as they are stored, or when the disk has fewer left. */
      maxBytes: count(megabyte, 1_000_000 * megabyte).default(4096 * megabyte),
      minFreeBytes: count(0, 1_000_000 * megabyte).default(256 * megabyte),
    })
    .prefault({}),
  kafka: kafka.prefault({}),
  loki: z
    .strictObject({
      url: url.default(`http://127.0.0.1:${componentPorts.loki}`),
      /** Of basic authentication, where something before Loki asks for it. */
      user: z.string().min(1).max(200).optional(),
      password: secret.optional(),
      timeoutSeconds: z.number().min(0.1).max(300).default(30),
    })
    .prefault({}),
  prometheus: z
    .strictObject({
      url: url.default(`http://127.0.0.1:${componentPorts.prometheus}`),
      timeoutSeconds: z.number().min(0.1).max(300).default(30),
    })
    .prefault({}),
  elasticsearch: z.strictObject({ url: url.optional(), apiKey: secret.optional() }).prefault({}),
  postgres: z.strictObject({ url: secretUrl(/^postgres(ql)?$/).optional() }).prefault({}),
  /** What several gateways share: rate limits and answers of searches. */
  redis: z.strictObject({ url: secretUrl(/^rediss?$/).optional(), caFile: path.optional() }).prefault({}),
  search: z
    .strictObject({
      /** Keep which words the lines of a minute have, beside the queue. To be off where others write to the organizations' tenants, too. */
      index: z.boolean().default(true),
    })
    .prefault({}),
  cors: z
    .strictObject({
      origins: z
        .array(z.url().or(z.literal('*')))
        .max(100)
        .default([]),
    })
    .prefault({}),
  tls: z.strictObject({ certificateFile: path.optional(), keyFile: path.optional() }).prefault({}),
  /** Where the services behind the gateway are: the API of one, which is routed where it is set, and one's health. */
  behind: z.strictObject({ alertHistory: url.optional(), ingestor: url.optional() }).prefault({}),
  limits: limits.prefault({}),
  keys: keys.prefault({}),
});

export type PipelineConfig = z.output<typeof configSchema>;

/** What must fit together, each as a path and what is wrong with it. */
export function contradictions(config: PipelineConfig): readonly (readonly [path: string, why: string])[] {
  const { ingestor, kafka: broker, redis, tls, limits: most, keys: access } = config;
  const found: [string, string][] = notYet(config).map((path) => [
    path,
    'this version has nothing that uses it; leave it out',
  ]);
  if (redis.caFile !== undefined && redis.url?.startsWith('rediss:') !== true) {
    found.push(['redis.caFile', 'is of use only with a redis.url that begins with rediss://']);
  }
  if (ingestor.replicas > 1 && broker.brokers.length === 0) {
    found.push(['ingestor.replicas', 'the embedded queue has one ingestor; more need kafka.brokers']);
  }
  if (new Set([broker.queueTopic, broker.topic, broker.deadLetterTopic]).size < 3) {
    found.push(['kafka.topic', 'queueTopic, topic and deadLetterTopic must be three']);
  }
  if (broker.caFile !== undefined && !broker.tls)
    found.push(['kafka.caFile', 'is of use only with kafka.tls']);
  if ((broker.saslMechanism === undefined) !== (broker.saslPassword === undefined)) {
    found.push(['kafka.saslPassword', 'saslMechanism and saslPassword go together']);
  }
  if ((broker.saslMechanism === undefined) !== (broker.saslUsername === undefined)) {
    found.push(['kafka.saslUsername', 'saslMechanism and saslUsername go together']);
  }
  if ((config.loki.user === undefined) !== (config.loki.password === undefined)) {
    found.push(['loki.password', 'user and password go together']);
  }
  if ((tls.certificateFile === undefined) !== (tls.keyFile === undefined)) {
    found.push(['tls', 'certificateFile and keyFile go together']);
  }
  if (most.decompressedBytes < most.bodyBytes) {
    found.push(['limits.decompressedBytes', 'must be at least limits.bodyBytes']);
  }
  if (access.jwksUrl !== undefined && (access.issuer === undefined || access.audience === undefined)) {
    found.push(['keys.jwksUrl', 'needs keys.issuer and keys.audience, or tokens for others would be taken']);
  }
  return found;
}

/** What is set and would be passed over in silence: better no process than one that says it stores elsewhere. */
function notYet({ elasticsearch, postgres }: PipelineConfig): readonly string[] {
  const set: readonly (readonly [path: string, isSet: boolean])[] = [
    ['elasticsearch.url', elasticsearch.url !== undefined],
    ['elasticsearch.apiKey', elasticsearch.apiKey !== undefined],
    ['postgres.url', postgres.url !== undefined],
  ];
  return set.filter(([, isSet]) => isSet).map(([path]) => path);
}
