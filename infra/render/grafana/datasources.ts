import { datasources, traceSource } from '../../../telemetry/contract/links.ts';
import { platformTenant } from '../../../telemetry/contract/services.ts';
import type { EnvironmentConfig } from '../../config.ts';
import { toYaml } from '../yaml.ts';
import { derivedFields, exemplarDestinations, logsOfLabels, routeOfLine, traceLinks } from './links.ts';

/** Addresses at which Grafana, not a browser, reaches what it asks. */
export interface GrafanaSources {
  readonly prometheus: string;
  readonly loki: string;
  readonly alertmanager: string;
}

/** How Loki knows who writes to it and asks it. */
export interface LokiAccess {
  readonly tenant: string;
  readonly basicAuth?: { readonly user: string; readonly passwordFile: string };
}

/** `provisioning/datasources/*.yaml`, with the links between metrics, logs and traces. */
export function renderDatasources(
  config: EnvironmentConfig,
  sources: GrafanaSources,
  { tenant, basicAuth }: LokiAccess = { tenant: platformTenant },
): string {
  const { traceStore } = config;
  const hasTraces = traceStore !== undefined;
  const provisioned = { access: 'proxy', editable: false };
  return toYaml(
    literally({
      apiVersion: 1,
      prune: true,
      datasources: [
        {
          ...datasources.prometheus,
          ...provisioned,
          url: sources.prometheus,
          isDefault: true,
          jsonData: {
            httpMethod: 'POST',
            timeInterval: config.scrapeInterval,
            prometheusType: 'Prometheus',
            manageAlerts: true,
            alertmanagerUid: datasources.alertmanager.uid,
            exemplarTraceIdDestinations: exemplarDestinations(hasTraces),
          },
          correlations: [logsOfLabels()],
        },
        {
          ...datasources.loki,
          ...provisioned,
          url: sources.loki,
          jsonData: {
            httpHeaderName1: 'X-Scope-OrgID',
            maxLines: 1000,
            manageAlerts: true,
            alertmanagerUid: datasources.alertmanager.uid,
            derivedFields: derivedFields(hasTraces),
          },
          // A tenant's name, not a secret; Grafana takes the values of headers only here.
          secureJsonData: {
            httpHeaderValue1: tenant,
            ...(basicAuth && { basicAuthPassword: `${fromFile}${basicAuth.passwordFile}}` }),
          },
          ...(basicAuth && { basicAuth: true, basicAuthUser: basicAuth.user }),
          correlations: [routeOfLine()],
        },
        {
          ...datasources.alertmanager,
          ...provisioned,
          url: sources.alertmanager,
          jsonData: { implementation: 'prometheus', handleGrafanaManagedAlerts: false },
        },
        ...(traceStore
          ? [
              {
                ...traceSource,
                ...provisioned,
                type: traceStore.type,
                url: traceStore.url,
                jsonData: traceLinks(),
              },
            ]
          : []),
      ],
    }),
  );
}

/** Grafana puts the content of a file in place of it. */
const fromFile = '$__file{';

/** In a provisioning file Grafana reads `$$` as one `$`, and `$NAME` as a variable of its environment. */
function literally(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith(fromFile) ? value : value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map(literally);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, literally(inner)]));
}
