import { datasources } from '../../telemetry/contract/links.ts';
import { platformTenant } from '../../telemetry/contract/services.ts';
import type { Stack } from '../stack.ts';
import { toYaml } from './yaml.ts';

/** `provisioning/datasources/*.yaml`. In a YAML file Grafana reads `$$` as one `$`. */
export function renderDatasources(stack: Stack): string {
  return toYaml({
    apiVersion: 1,
    prune: true,
    datasources: [
      {
        ...datasources.prometheus,
        access: 'proxy',
        url: stack.urls.prometheus,
        isDefault: true,
        editable: false,
        jsonData: {
          httpMethod: 'POST',
          timeInterval: stack.config.scrapeInterval,
          prometheusType: 'Prometheus',
        },
      },
      {
        ...datasources.loki,
        access: 'proxy',
        url: stack.urls.loki,
        editable: false,
        jsonData: { httpHeaderName1: 'X-Scope-OrgID', maxLines: 1000 },
        // A tenant's name, not a secret; Grafana takes the values of headers only here.
        secureJsonData: { httpHeaderValue1: platformTenant },
      },
      {
        ...datasources.alertmanager,
        access: 'proxy',
        url: stack.urls.alertmanager,
        editable: false,
        jsonData: { implementation: 'prometheus', handleGrafanaManagedAlerts: false },
      },
    ],
  });
}

/** `provisioning/dashboards/*.yaml`: dashboards come from files and can't be changed by hand. */
export function renderDashboardProvider(dashboardsDir: string): string {
  return toYaml({
    apiVersion: 1,
    providers: [
      {
        name: 'sightline',
        type: 'file',
        disableDeletion: true,
        allowUiUpdates: false,
        options: { path: dashboardsDir, foldersFromFilesStructure: false },
      },
    ],
  });
}
