import {
  type DashboardFolder,
  type DashboardUid,
  dashboardFolders,
  dashboards,
} from '../../../telemetry/contract/links.ts';
import type { EnvironmentStack } from '../../stack.ts';
import { toYaml } from '../yaml.ts';
import { type GrafanaSources, type LokiAccess, renderDatasources } from './datasources.ts';
import { type GrafanaServer, renderSettings } from './settings.ts';

/** Files of Grafana below the folder that they refer to. */
export const grafanaPaths = {
  settings: 'config/grafana/grafana.ini',
  provisioning: 'config/grafana/provisioning',
  dashboards: 'config/dashboards',
} as const;

const home: DashboardUid = 'home';

/** A dashboard's file lies in the directory of its folder: providers read directories. */
export const dashboardPath = (uid: DashboardUid): string =>
  `${grafanaPaths.dashboards}/${dashboards[uid].folder}/${uid}.json`;

interface GrafanaOptions {
  /** The folder that rendered files refer to, an absolute path. */
  readonly root: string;
  readonly sources: GrafanaSources;
  readonly loki?: LokiAccess;
  readonly server: GrafanaServer;
}

/** All that a Grafana reads of us but the dashboards themselves: `grafana.ini`, data sources, folders. */
export function renderGrafana(
  stack: EnvironmentStack,
  { root, sources, loki, server }: GrafanaOptions,
): ReadonlyMap<string, string> {
  const { provisioning } = grafanaPaths;
  return new Map([
    [
      grafanaPaths.settings,
      renderSettings(stack.config, {
        ...server,
        provisioning: `${root}/${provisioning}`,
        homeDashboard: `${root}/${dashboardPath(home)}`,
        secretFile: (name) => `${root}/secrets/${name}`,
      }),
    ],
    [`${provisioning}/datasources/sightline.yaml`, renderDatasources(stack.config, sources, loki)],
    [`${provisioning}/dashboards/sightline.yaml`, renderProviders(`${root}/${grafanaPaths.dashboards}`)],
  ]);
}

/** A provider a folder: dashboards come from files, and nobody changes them by hand. */
function renderProviders(dashboardsDir: string): string {
  const folders = Object.entries(dashboardFolders) as [DashboardFolder, string][];
  return toYaml({
    apiVersion: 1,
    providers: folders.map(([uid, folder]) => ({
      name: `sightline-${uid}`,
      type: 'file',
      folder,
      folderUid: uid,
      disableDeletion: true,
      allowUiUpdates: false,
      options: { path: `${dashboardsDir}/${uid}` },
    })),
  });
}
