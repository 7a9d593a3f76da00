import { dashboardFolders, dashboards } from '../../telemetry/contract/links.ts';
import { renderDatasources } from '../render/grafana/datasources.ts';
import { type ClusterContext, labelsOf } from './context.ts';
import { lokiAccess, sourcesOf } from './existing.ts';
import { type ObjectOf, object } from './object.ts';

/** ConfigMaps that the sidecar of a Grafana of others loads; undefined where Grafana is ours. */
export function existingGrafana(context: ClusterContext): readonly ObjectOf<'ConfigMap'>[] | undefined {
  const other = context.kubernetes.existing?.grafana;
  if (!other) return undefined;
  const { namespace, dashboardLabel, folderAnnotation, datasourceLabel } = other;
  const labels = labelsOf(context, 'grafana');
  const shown = context.stack.dashboards.map(({ uid, json }) =>
    object(
      'ConfigMap',
      {
        name: `sightline-dashboard-${uid}`,
        namespace,
        labels: { ...labels, [dashboardLabel]: '1' },
        annotations: { [folderAnnotation]: dashboardFolders[dashboards[uid].folder] },
      },
      { data: { [`${uid}.json`]: json } },
    ),
  );
  if (datasourceLabel === undefined) return shown;
  const sources = object(
    'ConfigMap',
    { name: 'sightline-datasources', namespace, labels: { ...labels, [datasourceLabel]: '1' } },
    {
      data: {
        // Two defaults keep a Grafana from starting.
        'sightline.yaml': renderDatasources(
          context.stack.config,
          sourcesOf(context),
          lokiAccess(context, ''),
        ).replace(/^ +isDefault: true\n/m, ''),
      },
    },
  );
  return [...shown, sources];
}
