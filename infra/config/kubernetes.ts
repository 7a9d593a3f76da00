import { z } from 'zod';
import { bounds, bytesOf, type Load, sizePattern } from '../sizing/load.ts';
import { existingSchema } from './existing.ts';
import { address, authorities, type Complaint, host, volume, wholeNumber, yesOrNo } from './forms.ts';
import { kafkaComplaints, kafkaSchema } from './kafka.ts';
import { logPipelineComplaints, logPipelineSchema } from './log-pipeline.ts';
import { tracesSchema } from './traces.ts';

const name = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/)
  .meta({ allowed: 'a name of Kubernetes: lower-case letters, digits, hyphens and dots' });

/** `latest` and no tag at all mean another image every day. */
const image = z
  .string()
  .regex(/^[a-z0-9][a-z0-9./_:-]*[a-z0-9](:(?!latest$)[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})$/)
  .meta({
    allowed: 'an image with its tag, which is not latest, such as registry.example.com/sightline:1.2.3',
  });

const replicas = (max: number, description: string): z.ZodNumber => wholeNumber(1, max, description);

const database = z.strictObject({
  address: address.describe('Where PostgreSQL listens'),
  name: name.describe('The database'),
  user: name.describe('The user; its password is the secret GRAFANA_DATABASE_PASSWORD'),
  ca: authorities(
    'The authority that signed the certificate of its host, which is always verified; those that Grafana’s image trusts when left out',
  ),
});

const count = (name: 'series' | 'services', description: string) => {
  const { min, max } = bounds[name];
  return wholeNumber(min, max, description);
};

const load = z.strictObject({
  series: count('series', 'Active series of Prometheus: `prometheus_tsdb_head_series`'),
  logsPerDay: z
    .string()
    .regex(sizePattern)
    .refine((text) => {
      const bytes = bytesOf(text) ?? 0;
      return bytes >= bounds.logBytesPerDay.min && bytes <= bounds.logBytesPerDay.max;
    })
    .meta({
      description: 'Log lines of a day before compression, in powers of ten',
      allowed: 'a size such as 500MB or 20GB, at most 1TB',
    }),
  services: count('services', 'Services that write logs and are scraped'),
});

/** What a cluster needs beside what every target does. */
export const kubernetesSchema = z.strictObject({
  load: load.describe('What the stack takes in: requests and limits follow from it (`npm run size`)'),
  storageClass: name.optional().describe('Class of every volume; the cluster’s default when left out'),
  agent: z
    .enum(['promtail', 'alloy'])
    .describe(
      'What collects the logs of pods; either does the same, and Alloy goes on where Promtail ended. Not back: what was sent since would be sent again',
    ),
  operator: z
    .enum(['install', 'existing'])
    .describe(
      'Whether the Prometheus Operator is installed, for our namespace alone, or the cluster has one that takes our objects',
    ),
  existing: existingSchema
    .optional()
    .describe('What the cluster has already: it is used, and ours is not made'),
  prometheus: z
    .strictObject({
      replicas: replicas(2, 'Instances, each of which scrapes everything'),
    })
    .describe('How Prometheus runs'),
  alertmanager: z
    .strictObject({
      replicas: replicas(5, 'Instances, which tell each other what was notified'),
    })
    .describe('How Alertmanager runs'),
  loki: z
    .strictObject({
      volume: volume.describe(
        'Disk for log lines and their index; with loki.storage, of each ingester, for lines that are not there yet',
      ),
    })
    .describe('How Loki runs'),
  grafana: z
    .strictObject({
      replicas: replicas(5, 'Instances; more than one need a database that they share'),
      maxReplicas: replicas(
        20,
        'Instances at most: between `replicas` and this many as their CPU asks for. Without it there are always `replicas`',
      ).optional(),
      database: database.optional().describe('PostgreSQL in place of a file on a volume of its own'),
    })
    .describe('How Grafana runs'),
  ingress: z
    .strictObject({
      class: name.describe('Ingress class that serves Grafana and the backend'),
      namespace: name.describe('Namespace of its controller; nothing else may call them from outside'),
      issuer: name.describe('ClusterIssuer of cert-manager that signs their certificates'),
      backendHost: host.describe('Host name of backend-api'),
      probed: yesOrNo(
        'Whether their public addresses are probed from within the cluster, where their names must resolve and their certificates be trusted',
      ),
    })
    .describe('How Grafana and the backend are reached from outside'),
  services: z
    .strictObject({
      image: image.describe('One image with all five services in it'),
      events: z
        .enum(['redis', 'kafka'])
        .describe('What carries the services’ events below Dapr: services.eventBus, or kubernetes.kafka'),
      eventBus: address.describe(
        'Redis of the sidecars: it carries the events, and keeps how often each was tried. Its password is the secret EVENT_BUS_PASSWORD',
      ),
      eventBusTls: yesOrNo(
        'Whether Dapr speaks TLS to Redis; it encrypts, but Dapr verifies no certificate of a Redis',
      ),
    })
    .describe('How the services run'),
  logPipeline: logPipelineSchema.describe(
    'The log pipeline, for what is sent over HTTP or Kafka (docs/log-pipeline.md)',
  ),
  kafka: kafkaSchema
    .optional()
    .describe('Kafka, where the log pipeline’s queue or the services’ events are in it'),
  traces: tracesSchema.optional().describe('Where spans go; none are sent when left out'),
});

export type KubernetesConfig = z.infer<typeof kubernetesSchema>;

/** The load in numbers. */
export const loadOf = ({ load }: Pick<KubernetesConfig, 'load'>): Load => ({
  series: load.series,
  logBytesPerDay: bytesOf(load.logsPerDay) ?? 0,
  services: load.services,
});

/** What may not be combined, by path below `kubernetes`. */
export function kubernetesComplaints(
  { grafana, services, logPipeline, kafka }: KubernetesConfig,
  environment: string,
): readonly Complaint[] {
  const below = (group: string, found: readonly Complaint[]): readonly Complaint[] =>
    found.map((each) => ({ ...each, path: [group, ...each.path] }));
  return [
    ...grafanaComplaints(grafana),
    ...below('logPipeline', logPipelineComplaints(logPipeline)),
    ...below('kafka', kafka ? kafkaComplaints(kafka, environment) : []),
    ...usedKafka({ services, logPipeline, kafka }),
  ];
}

function grafanaComplaints({
  replicas,
  maxReplicas,
  database,
}: KubernetesConfig['grafana']): readonly Complaint[] {
  return [
    ...(replicas > 1 && !database
      ? [
          {
            path: ['grafana', 'replicas'],
            input: replicas,
            allowed: '1, or more with kubernetes.grafana.database: instances with a file each would differ',
          },
        ]
      : []),
    ...(maxReplicas !== undefined && (maxReplicas <= replicas || !database)
      ? [
          {
            path: ['grafana', 'maxReplicas'],
            input: maxReplicas,
            allowed: 'more than kubernetes.grafana.replicas, and only with kubernetes.grafana.database',
          },
        ]
      : []),
  ];
}

/** Who says that it is in Kafka needs one, and one that nothing uses is a slip. */
function usedKafka({
  services,
  logPipeline,
  kafka,
}: Pick<KubernetesConfig, 'services' | 'logPipeline' | 'kafka'>): readonly Complaint[] {
  const users = [
    ...(services.events === 'kafka' ? ['services.events'] : []),
    ...(logPipeline.queue === 'kafka' ? ['logPipeline.queue'] : []),
  ];
  if (users.length > 0 === (kafka !== undefined)) return [];
  return [
    kafka
      ? {
          path: ['kafka'],
          input: 'brokers',
          allowed: 'nothing, or a use: logPipeline.queue or services.events must be kafka',
        }
      : {
          path: users[0]?.split('.') ?? [],
          input: 'kafka',
          allowed: 'kafka only with kubernetes.kafka, which says where the brokers are',
        },
  ];
}
