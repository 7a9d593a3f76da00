import { z } from 'zod';
import { type Complaint, namespace as dnsLabel } from './forms.ts';
import type { LokiKeys } from './loki.ts';

const labelName = z
  .string()
  .regex(/^([a-z0-9.-]{1,200}\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/)
  .meta({ allowed: 'the name of a label or annotation, such as grafana_dashboard' });
const labelValue = z
  .string()
  .regex(/^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/)
  .meta({ allowed: 'the value of a label, in quotes where it is a number' });
const port = z.number().int().min(1).max(65_535).meta({ allowed: 'a port from 1 to 65535' });
const address = z
  .url({ protocol: /^https?$/ })
  .refine((value) => !value.endsWith('/') && new URL(value).username === '' && !value.includes('$'))
  .meta({ allowed: 'an http or https address without a slash at the end, and without a password' });

/** Network policies hold a packet's port against the pod's, to which a Service has already turned it. */
const samePort =
  'In the cluster, the port of the Service must be that of its pods too (`targetPort`): network policies let out to this port';

/** An exporter of others: how its pods are found. */
const exporter = (what: string) =>
  z
    .strictObject({
      namespace: dnsLabel.describe('Namespace of its pods'),
      name: labelValue.describe('What their label app.kubernetes.io/name says'),
      port: dnsLabel.describe('Name of the port that serves /metrics'),
    })
    .describe(what);

/** Pieces that a cluster has already: they are used, and ours are not made. */
export const existingSchema = z.strictObject({
  prometheus: z
    .strictObject({
      url: address.describe(`Where Grafana asks it. ${samePort}`),
      namespace: dnsLabel.describe('Namespace of its pods, which may then scrape ours'),
      labels: z
        .record(labelName, labelValue.describe('The value of the label'))
        .refine((labels) => Object.keys(labels).length > 0)
        .meta({
          description:
            'Labels that its selectors of rules and monitors ask for; it must look for them in the namespace monitoring',
          allowed: 'labels such as release: kube-prometheus-stack',
        }),
    })
    .optional()
    .describe('A Prometheus of the operator; it gets our rules and monitors, and nothing else of it is made'),
  alertmanager: z
    .strictObject({
      namespace: dnsLabel.describe('Namespace of its Service and pods'),
      service: dnsLabel.describe('Its Service'),
      port: port.describe(`The port of the Service. ${samePort}`),
      portName: dnsLabel
        .optional()
        .describe(
          'Name of that port where the Service is headless, such as web of alertmanager-operated: Loki then tells every replica',
        ),
    })
    .optional()
    .describe('An Alertmanager with routes of its own; our alerts have `severity` and `team` to route by'),
  loki: z
    .strictObject({
      url: address.describe(`Where Promtail sends to and Grafana asks, without /loki/api. ${samePort}`),
      tenant: dnsLabel.describe('The tenant that lines are written to'),
      user: dnsLabel
        .optional()
        .describe('User of basic authentication; its password is the secret LOKI_PASSWORD'),
    })
    .optional()
    .describe(
      'A Loki of others. Its ruler gets no rules from here: `lokitool rules load` takes what `npm run render` writes to config/log-rules',
    ),
  grafana: z
    .strictObject({
      namespace: dnsLabel.describe('Namespace in which its sidecar looks for ConfigMaps'),
      dashboardLabel: labelName.describe('Label that its sidecar finds dashboards by; its value will be "1"'),
      folderAnnotation: labelName.describe('Annotation that its sidecar reads the folder from'),
      datasourceLabel: labelName
        .optional()
        .describe(
          'Label that its sidecar finds data sources by; left out when it has those with the uids that dashboards ask for',
        ),
    })
    .optional()
    .describe('A Grafana whose sidecar (k8s-sidecar) loads dashboards from ConfigMaps'),
  kubeStateMetrics: exporter('A kube-state-metrics').optional(),
  nodeExporter: exporter('A node exporter').optional(),
});

type Existing = z.infer<typeof existingSchema>;

interface Whole {
  readonly paging: string;
  readonly prometheus: { readonly remoteWrite?: { readonly url: string } | undefined };
  readonly loki: LokiKeys;
  readonly grafana?: { readonly oidc?: unknown } | undefined;
  readonly kubernetes?:
    | {
        readonly operator: string;
        readonly existing?: Existing | undefined;
        readonly prometheus: { readonly replicas: number };
        readonly alertmanager: { readonly replicas: number };
        readonly grafana: { readonly replicas: number; readonly database?: unknown };
      }
    | undefined;
}

/** What an environment says of pieces that are not ours, or that do not go together. */
export function existingComplaints(whole: Whole): readonly Complaint[] {
  const { paging, prometheus, loki, grafana, kubernetes } = whole;
  const { existing } = kubernetes ?? {};
  if (!kubernetes || !existing) return [];
  const at = (...path: string[]): readonly string[] => ['kubernetes', ...path];
  const ours = (piece: 'prometheus' | 'alertmanager' | 'grafana'): Complaint => ({
    path: at(piece, 'replicas'),
    input: kubernetes[piece].replicas,
    allowed: `1, which is of no account: kubernetes.existing.${piece} has as many as it has`,
  });
  const found: readonly (Complaint | false | undefined)[] = [
    existing.prometheus &&
      kubernetes.operator === 'install' && {
        path: at('operator'),
        input: kubernetes.operator,
        allowed: 'existing: the operator of kubernetes.existing.prometheus takes our objects',
      },
    existing.prometheus &&
      !existing.alertmanager && {
        path: at('existing', 'prometheus'),
        input: existing.prometheus.url,
        allowed:
          'a Prometheus together with the Alertmanager that it tells, in kubernetes.existing.alertmanager',
      },
    existing.alertmanager &&
      paging === 'pagerduty' && {
        path: ['paging'],
        input: paging,
        allowed: 'none: kubernetes.existing.alertmanager decides itself whom it wakes',
      },
    existing.prometheus &&
      prometheus.remoteWrite && {
        path: ['prometheus', 'remoteWrite'],
        input: prometheus.remoteWrite.url,
        allowed: 'nothing: what kubernetes.existing.prometheus sends on is said to itself',
      },
    existing.loki &&
      loki.mode !== undefined && {
        path: ['loki', 'mode'],
        input: loki.mode,
        allowed: 'nothing: kubernetes.existing.loki runs as it runs',
      },
    existing.loki &&
      loki.storage && {
        path: ['loki', 'storage'],
        input: 'a bucket',
        allowed: 'nothing: kubernetes.existing.loki has its own',
      },
    existing.loki?.user !== undefined &&
      !existing.loki.url.startsWith('https:') && {
        path: at('existing', 'loki', 'url'),
        input: existing.loki.url,
        allowed: 'an https address: a password is sent to it',
      },
    existing.loki?.user !== undefined &&
      existing.grafana?.datasourceLabel !== undefined && {
        path: at('existing', 'grafana', 'datasourceLabel'),
        input: existing.grafana.datasourceLabel,
        allowed:
          'nothing: a ConfigMap must not hold the password of Loki, so give Grafana its data sources yourself',
      },
    existing.grafana &&
      grafana?.oidc !== undefined && {
        path: ['grafana', 'oidc'],
        input: 'a provider',
        allowed: 'nothing: who may come into kubernetes.existing.grafana is its own affair',
      },
    existing.grafana &&
      kubernetes.grafana.database !== undefined && {
        path: at('grafana', 'database'),
        input: 'a database',
        allowed: 'nothing: kubernetes.existing.grafana has its own',
      },
    existing.prometheus && kubernetes.prometheus.replicas > 1 && ours('prometheus'),
    existing.alertmanager && kubernetes.alertmanager.replicas > 1 && ours('alertmanager'),
    existing.grafana && kubernetes.grafana.replicas > 1 && ours('grafana'),
  ];
  return found.filter((each): each is Complaint => typeof each === 'object');
}
