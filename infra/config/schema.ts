import { z } from 'zod';
import { muteWindowsSchema } from '../../alerts/mute-windows.ts';
import { logLevels } from '../../telemetry/contract/logs.ts';
import { type ThresholdName, thresholds } from '../../telemetry/contract/thresholds.ts';
import { durationMs } from '../../telemetry/query/scale-time.ts';
import { diskComplaints } from './disks.ts';
import { existingComplaints } from './existing.ts';
import { grafanaSchema, traceStoreSchema } from './grafana.ts';
import { kubernetesComplaints, kubernetesSchema } from './kubernetes.ts';
import { lokiComplaints, lokiModes, lokiStorageSchema } from './loki.ts';
import { clusterEnvironments, environmentNames } from './names.ts';
import { remoteWriteSchema } from './remote-write.ts';
import { tracesComplaints } from './traces.ts';

const dayMs = 24 * 3600 * 1000;
/** Days that Prometheus must keep samples beyond the window of an SLO, so that the first day of it is complete. */
const spareDays = 2;

const duration = z
  .templateLiteral([z.number(), z.enum(['ms', 's', 'm', 'h', 'd', 'w', 'y'])])
  .refine((value) => /^[1-9]/.test(value))
  .meta({ allowed: 'a Prometheus duration such as 15s, 5m or 7d' });
const milliseconds = (value: string): number => durationMs(value) ?? 0;

const size = z
  .string()
  .regex(/^[1-9]\d*(MB|GB|TB)$/)
  .meta({ allowed: 'a size such as 512MB or 2GB' });

const address = z
  .url({ protocol: /^https?$/ })
  .refine((value) => !value.endsWith('/'))
  .meta({ allowed: 'an http or https address without a slash at the end' });

const thresholdValues = z.strictObject(
  Object.fromEntries(
    Object.entries(thresholds).map(([name, { min, max, description }]) => [
      name,
      z.number().min(min).max(max).optional().describe(description),
    ]),
  ) as Record<ThresholdName, z.ZodOptional<z.ZodNumber>>,
);

const urls = z.strictObject({
  prometheus: address.describe('Where people reach Prometheus; alerts name it as their source'),
  alertmanager: address.describe('Where people reach Alertmanager; links to silences lead there'),
  dashboards: address.describe('What serves `/d/<uid>`: Grafana'),
  explore: address.describe('What serves `/explore`: Grafana'),
  runbooks: z
    .url({ protocol: /^https?$/ })
    .refine((value) => value.split('{id}').length === 2)
    .meta({
      description: 'Address of a runbook, `{id}` in place of its name',
      allowed: 'an http or https address with {id} in it once',
    }),
});

const override = z
  .strictObject({
    thresholds: thresholdValues
      .optional()
      .describe('Values of thresholds that the rule compares with, for this rule only'),
    for: duration.optional().describe('How long the condition must hold'),
    keepFiringFor: duration.optional().describe('How long the alert stays after the condition ended'),
    off: z
      .strictObject({
        reason: z
          .string()
          .refine((value) => value.trim() !== '')
          .meta({ description: 'Why nobody needs it for now', allowed: 'a text that is not empty' }),
        until: z.iso.date().meta({
          description: 'The last day (UTC) without the alert; on the next it is on again, and checks fail',
          allowed: 'a date such as 2030-01-31, at most a year ahead',
        }),
      })
      .optional()
      .describe('Leaves the alert out'),
  })
  .refine((value) => Object.keys(value).length > 0)
  .meta({
    description: 'A rule; what is not said of it stays as it is',
    allowed: 'at least one of thresholds, for, keepFiringFor and off',
  });

export const schema = z
  .strictObject({
    environment: z.enum(environmentNames).describe('The name of the file, and of the label on every series'),
    cluster: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
      .meta({
        description: 'The label `cluster` on every series and stream',
        allowed: 'a DNS label: lower-case letters, digits and hyphens',
      }),
    scrapeInterval: duration
      .refine((value) => milliseconds(value) <= 30_000)
      .meta({
        description:
          'How often Prometheus scrapes and evaluates; the shortest window of a rule needs four scrapes',
        allowed: 'a Prometheus duration such as 15s, at most 30s',
      }),
    prometheus: z
      .strictObject({
        retentionTime: duration.describe('How long samples are kept'),
        retentionSize: size.describe('How much disk samples may take; the older ones go first'),
        remoteWrite: remoteWriteSchema
          .optional()
          .describe('Where samples are sent to beside; nowhere when left out'),
      })
      .describe('How long samples are kept'),
    loki: z
      .strictObject({
        retention: duration
          .refine((value) => milliseconds(value) >= dayMs)
          .meta({
            description: 'How long log lines are kept; the compactor works on whole days',
            allowed: 'a Prometheus duration such as 7d, at least 24h',
          }),
        mode: z
          .enum(lokiModes)
          .optional()
          .describe('One process, the default, or each of Loki’s targets as processes of its own'),
        storage: lokiStorageSchema
          .optional()
          .describe('Object storage for log lines and their index; files on a volume when left out'),
      })
      .describe('How long log lines are kept, and where'),
    slo: z
      .strictObject({
        window: duration.meta({
          description: 'The time that error budgets are counted over',
          allowed: `a Prometheus duration such as 7d, at least ${spareDays}d shorter than prometheus.retentionTime`,
        }),
      })
      .describe('What the objectives of services are held against'),
    paging: z.enum(['none', 'inbox', 'pagerduty']).meta({
      description:
        'Whom a critical alert wakes, beside Slack: nobody, the local inbox that stands for PagerDuty, or PagerDuty',
      allowed: 'none; inbox in local; pagerduty in prod, and in a file of your own for local',
    }),
    urls: urls
      .optional()
      .describe(
        'What links in notifications start with. The local stack has them from its ports and takes none',
      ),
    traceStore: traceStoreSchema
      .optional()
      .describe('What keeps traces; without it links of traces lead to their log lines'),
    grafana: grafanaSchema.optional().describe('Who may come into Grafana; nobody comes in unknown'),
    services: z
      .strictObject({
        logLevel: z.enum(logLevels).describe('The least severe level that services write'),
      })
      .describe('What the services do, wherever they run'),
    traffic: z
      .strictObject({
        rate: z
          .number()
          .min(0)
          .max(1000)
          .describe('Requests a second that the traffic generator makes on average; 0 turns it off'),
      })
      .describe('Users of our own making'),
    kubernetes: kubernetesSchema
      .optional()
      .describe('What a cluster needs: in dev, staging and prod, and nowhere else'),
    thresholds: thresholdValues.describe('Named thresholds, for every rule and panel that uses them'),
    alerts: z
      .strictObject({
        overrides: z
          .record(z.string(), override)
          .describe('Changes to single alert rules, by their exact id'),
        muteWindows: muteWindowsSchema.optional().describe('Hours in which warnings or infos are not told'),
      })
      .describe('What the environment changes of the alerts'),
  })
  .superRefine((value, context) => {
    const complain = (path: readonly string[], input: unknown, allowed: string): void =>
      context.addIssue({ code: 'custom', path: [...path], input, message: allowed });
    const local = value.environment === 'local';
    const retention = milliseconds(value.prometheus.retentionTime);
    if (retention - milliseconds(value.slo.window) < spareDays * dayMs)
      complain(
        ['slo', 'window'],
        value.slo.window,
        `at least ${spareDays}d shorter than prometheus.retentionTime, which is ${value.prometheus.retentionTime}`,
      );
    if (local && value.urls) complain(['urls'], 'addresses', 'no such key in local: its ports give them');
    if (!local && !value.urls) complain(['urls'], undefined, 'the addresses that people use');
    const onCluster = clusterEnvironments.some((name) => name === value.environment);
    if (onCluster && !value.kubernetes) complain(['kubernetes'], undefined, 'what the cluster needs');
    if (!onCluster && value.kubernetes)
      complain(['kubernetes'], 'keys', `no such key in ${value.environment}: it is no cluster`);
    for (const { path, input, allowed } of lokiComplaints(value.loki, onCluster))
      complain(['loki', ...path], input, allowed);
    if (value.kubernetes) {
      for (const { path, input, allowed } of kubernetesComplaints(value.kubernetes, value.environment))
        complain(['kubernetes', ...path], input, allowed);
      for (const { path, input, allowed } of diskComplaints(value, value.kubernetes))
        complain(path, input, allowed);
    }
    for (const { path, input, allowed } of [...tracesComplaints(value), ...existingComplaints(value)])
      complain(path, input, allowed);
    if (value.paging === 'pagerduty' && !local && value.environment !== 'prod')
      complain(['paging'], value.paging, 'none: only prod pages a person');
    if (value.paging === 'inbox' && !local)
      complain(['paging'], value.paging, 'none or, in prod, pagerduty: only the local stack has an inbox');
  });

/** One environment's settings, validated; nothing else in the program reads configuration files. */
export type EnvironmentConfig = z.infer<typeof schema>;
