import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { bounds, bytesOf, type Load, sizePattern } from '../sizing/load.ts';
import { existingSchema } from './existing.ts';
import { tracesSchema } from './traces.ts';

const volume = z
  .string()
  .regex(/^[1-9]\d{0,5}Gi$/)
  .meta({ allowed: 'a size such as 10Gi' });

const host = z
  .string()
  .regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/)
  .meta({ allowed: 'a host name such as tasks.example.com' });

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

const address = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,252}:[1-9]\d{1,4}$/)
  .refine((value) => Number(value.split(':')[1]) <= 65_535)
  .meta({ allowed: 'host:port such as postgres.databases:5432' });

const replicas = (max: number, description: string): z.ZodNumber =>
  z
    .number()
    .int()
    .min(1)
    .max(max)
    .meta({ description, allowed: `a whole number from 1 to ${max}` });

/** Whether every certificate of a PEM file may sign others. */
function isAuthority(pem: string): boolean {
  const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\s*/g;
  const certificates = pem.match(block) ?? [];
  if (certificates.length === 0 || pem.replaceAll(block, '').trim() !== '') return false;
  try {
    return certificates.every((each) => new X509Certificate(each).ca);
  } catch {
    return false;
  }
}

const database = z.strictObject({
  address: address.describe('Where PostgreSQL listens'),
  name: name.describe('The database'),
  user: name.describe('The user; its password is the secret GRAFANA_DATABASE_PASSWORD'),
  ca: z.string().max(20_000).refine(isAuthority).optional().meta({
    description:
      'The authority that signed the certificate of its host, which is always verified; those that Grafana’s image trusts when left out',
    allowed: 'certificates of authorities in PEM, no keys',
  }),
});

const count = (name: 'series' | 'services', description: string) => {
  const { min, max } = bounds[name];
  return z
    .number()
    .int()
    .min(min)
    .max(max)
    .meta({ description, allowed: `a whole number from ${min} to ${max}` });
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
    .strictObject({ volume: volume.describe('Disk for log lines and their index') })
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
      probed: z.boolean().meta({
        description:
          'Whether their public addresses are probed from within the cluster, where their names must resolve and their certificates be trusted',
        allowed: 'true or false',
      }),
    })
    .describe('How Grafana and the backend are reached from outside'),
  services: z
    .strictObject({
      image: image.describe('One image with all five services in it'),
      eventBus: address.describe(
        'Redis that carries the events; its password is the secret EVENT_BUS_PASSWORD',
      ),
      eventBusTls: z.boolean().meta({
        description:
          'Whether Dapr speaks TLS to Redis; it encrypts, but Dapr verifies no certificate of a Redis',
        allowed: 'true or false',
      }),
    })
    .describe('How the services run'),
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
export function kubernetesComplaints({ grafana }: KubernetesConfig): readonly {
  readonly path: readonly string[];
  readonly input: unknown;
  readonly allowed: string;
}[] {
  const { replicas, maxReplicas, database } = grafana;
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
