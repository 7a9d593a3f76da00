import { dirname } from 'node:path';
import { componentPorts } from '../../../telemetry/contract/ports.ts';
import { dashboardPath, grafanaPaths, renderGrafana } from '../../render/grafana/provisioning.ts';
import { autoscaler, replicasOf } from '../autoscaling.ts';
import { type ClusterContext, metadata, type Part, part, type System, sizeOf } from '../context.ts';
import { lokiAccess, lokiHasPassword, sourcesOf } from '../existing.ts';
import { existingGrafana } from '../existing-grafana.ts';
import { images } from '../images.ts';
import { type Container, type ObjectOf, object, type PodSpec } from '../object.ts';
import {
  container,
  disruptionBudget,
  podTemplate,
  probes,
  service,
  serviceAccount,
  spread,
  volumeClaim,
} from '../workload.ts';

/** The user of Grafana's images. */
const user = 472;
/** What rendered files refer to. */
const root = '/etc/sightline';
const configDir = dirname(grafanaPaths.settings);
const dataDir = '/var/lib/grafana';
/** The authority that signed the database's certificate. */
const databaseCa = `${configDir}/database-ca.crt`;

/** Grafana with data sources and dashboards from files; what people change in it is on its volume or in its database. */
export function grafana(context: ClusterContext): System {
  const other = existingGrafana(context);
  if (other) return { name: 'grafana', objects: other };
  const self = part(context, 'grafana');
  const { replicas, maxReplicas, database } = context.kubernetes.grafana;
  const { config, items } = provisioned(context, self);
  const dashboards = context.stack.dashboards.map(({ uid, json }) =>
    object('ConfigMap', metadata(self, dashboardObject(uid)), { data: { [`${uid}.json`]: json } }),
  );
  const secret = object('Secret', metadata(self), {
    stringData: {
      GRAFANA_ADMIN_PASSWORD: { secretRef: 'GRAFANA_ADMIN_PASSWORD' },
      GRAFANA_SECRET_KEY: { secretRef: 'GRAFANA_SECRET_KEY' },
      ...(context.stack.config.grafana?.oidc && {
        GRAFANA_OIDC_CLIENT_SECRET: { secretRef: 'GRAFANA_OIDC_CLIENT_SECRET' },
      }),
      ...(database && { GRAFANA_DATABASE_PASSWORD: { secretRef: 'GRAFANA_DATABASE_PASSWORD' } }),
      ...(lokiHasPassword(context) && { LOKI_PASSWORD: { secretRef: 'LOKI_PASSWORD' } }),
    },
  });
  const volume = object('PersistentVolumeClaim', metadata(self), {
    spec: volumeClaim('1Gi', context.kubernetes.storageClass),
  });
  const workload = object('Deployment', metadata(self), {
    spec: {
      ...replicasOf({ replicas, maxReplicas }),
      // Two processes must not have the same file open.
      strategy: database ? { type: 'RollingUpdate' } : { type: 'Recreate' },
      selector: { matchLabels: self.selector },
      template: podTemplate(self, {
        user,
        reads: [config],
        secrets: [secret],
        spec: {
          ...spread(self.selector),
          containers: [
            container({
              name: 'grafana',
              image: images.grafana,
              size: sizeOf(context, 'grafana'),
              env: settings(context),
              ports: [{ name: 'http', containerPort: componentPorts.grafana }],
              ...probes({ live: '/api/health', ready: '/api/health' }),
              volumeMounts: [
                { name: 'config', mountPath: `${root}/${configDir}`, readOnly: true },
                { name: 'dashboards', mountPath: `${root}/${grafanaPaths.dashboards}`, readOnly: true },
                { name: 'secrets', mountPath: `${root}/secrets`, readOnly: true },
                { name: 'data', mountPath: dataDir },
                { name: 'tmp', mountPath: '/tmp' },
              ],
            }),
          ],
          volumes: [
            { name: 'config', configMap: { name: config.metadata.name, items } },
            {
              name: 'dashboards',
              projected: {
                sources: context.stack.dashboards.map(({ uid }) => ({
                  configMap: {
                    name: dashboardObject(uid),
                    items: [
                      {
                        key: `${uid}.json`,
                        path: dashboardPath(uid).replace(`${grafanaPaths.dashboards}/`, ''),
                      },
                    ],
                  },
                })),
              },
            },
            { name: 'secrets', secret: { secretName: secret.metadata.name, defaultMode: 0o440 } },
            {
              name: 'data',
              ...(database
                ? { emptyDir: { sizeLimit: '1Gi' } }
                : { persistentVolumeClaim: { claimName: volume.metadata.name } }),
            },
            { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } },
          ] satisfies PodSpec['volumes'],
        },
      }),
    },
  });
  return {
    name: 'grafana',
    objects: [
      serviceAccount(self),
      service(self, componentPorts.grafana),
      secret,
      config,
      ...dashboards,
      ...(database ? [] : [volume]),
      workload,
      ...disruptionBudget(self, replicas),
      ...autoscaler(self, { replicas, maxReplicas }),
    ],
  };
}

const dashboardObject = (uid: string): string => `dashboard-${uid}`;

/** Everything but dashboards, in one ConfigMap: its keys have no slashes, so that the volume puts them in their folders. */
function provisioned(context: ClusterContext, self: Part): Provisioned {
  const { stack, kubernetes } = context;
  const ca = kubernetes.grafana.database?.ca;
  const files = [
    ...renderGrafana(stack, {
      root,
      sources: sourcesOf(context),
      loki: lokiAccess(context, `${root}/secrets/LOKI_PASSWORD`),
      server: { rootUrl: stack.urls.dashboards, port: componentPorts.grafana, data: dataDir },
    }),
    ...(ca ? [[databaseCa, ca] as const] : []),
  ].map(([path, text]) => ({
    key: path.replaceAll('/', '_'),
    path: path.replace(`${configDir}/`, ''),
    text,
  }));
  const config = object('ConfigMap', metadata(self, 'grafana-config'), {
    data: Object.fromEntries(files.map(({ key, text }) => [key, text])),
  });
  return { config, items: files.map(({ key, path }) => ({ key, path })) };
}

interface Provisioned {
  readonly config: ObjectOf<'ConfigMap'>;
  readonly items: { key: string; path: string }[];
}

/** What the configuration file does not say: where it is, and which database. */
function settings({ kubernetes }: ClusterContext): NonNullable<Container['env']> {
  const { database } = kubernetes.grafana;
  const values = {
    GF_PATHS_CONFIG: `${root}/${grafanaPaths.settings}`,
    GF_SECURITY_SECRET_KEY__FILE: `${root}/secrets/GRAFANA_SECRET_KEY`,
    ...(database && {
      GF_DATABASE_TYPE: 'postgres',
      GF_DATABASE_HOST: database.address,
      GF_DATABASE_NAME: database.name,
      GF_DATABASE_USER: database.user,
      // `require` would encrypt, but to whoever answers.
      GF_DATABASE_SSL_MODE: 'verify-full',
      ...(database.ca && { GF_DATABASE_CA_CERT_PATH: `${root}/${databaseCa}` }),
      GF_DATABASE_PASSWORD__FILE: `${root}/secrets/GRAFANA_DATABASE_PASSWORD`,
    }),
  };
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}
