import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { logPipeline } from '../../promtail/pipeline.ts';
import { alloyStages } from '../../promtail/render-alloy.ts';
import { pipelineStages } from '../render/promtail.ts';
import { clusterContext } from './cluster-context.ts';
import type { ClusterContext } from './context.ts';
import type { ObjectOf } from './object.ts';
import { clusterSystems } from './systems.ts';

const promtail = clusterContext('prod');
const alloy: ClusterContext = { ...promtail, kubernetes: { ...promtail.kubernetes, agent: 'alloy' } };

const objectsOf = (context: ClusterContext) =>
  clusterSystems(context).find(({ name }) => name === 'promtail')?.objects ?? [];
const podOf = (context: ClusterContext) => {
  const set = objectsOf(context).find(
    (object): object is ObjectOf<'DaemonSet'> => object.kind === 'DaemonSet',
  );
  const { containers = [], ...pod } = set?.spec?.template?.spec ?? {};
  const [{ image, args, readinessProbe, ...container } = { name: '' }] = containers;
  return { pod, container, image, args, ready: readinessProbe?.httpGet?.path };
};

describe('Alloy in Promtail’s place', () => {
  it('is the same DaemonSet, and so never runs beside it: its folders, its tolerations, its account', () => {
    expect(objectsOf(alloy).map(({ kind, metadata }) => [kind, metadata])).toEqual(
      objectsOf(promtail).map(({ kind, metadata }) => [kind, metadata]),
    );
    expect(podOf(alloy).pod).toEqual(podOf(promtail).pod);
    expect({ ...podOf(alloy).container, resources: {} }).toEqual({
      ...podOf(promtail).container,
      resources: {},
    });
    expect(podOf(alloy).pod).toMatchObject({ tolerations: [{ operator: 'Exists' }] });
  });

  it('is another image with its own configuration, and keeps on the node how far it has read', () => {
    const { image, args, ready } = podOf(alloy);
    expect(image).toMatch(/^docker\.io\/grafana\/alloy:v\d/);
    expect(args).toContain('--storage.path=/var/lib/sightline/promtail/alloy');
    expect(ready).toBe('/-/ready');
    const config = objectsOf(alloy).flatMap((object) =>
      object.kind === 'ConfigMap' ? [object.data?.['config.alloy']] : [],
    );
    expect(config.join()).toContain('legacy_positions_file = "/var/lib/sightline/promtail/positions.yaml"');
  });

  it('goes through the same stages in the same order', () => {
    const ofPromtail = pipelineStages().flatMap((stage) => Object.keys(stage));
    const ofAlloy = alloyStages(logPipeline()).map(({ name }) => name.replace('stage.', ''));
    expect([...ofAlloy, 'labeldrop']).toEqual(ofPromtail);
  });

  it('measures by Promtail’s names, which rules ask for', () => {
    const rules = z.object({
      podMetricsEndpoints: z.tuple([
        z.object({ metricRelabelings: z.tuple([z.object({ regex: z.string(), replacement: z.string() })]) }),
      ]),
    });
    const monitor = clusterSystems(alloy)
      .flatMap((system) => system.objects)
      .find(({ kind, metadata }) => kind === 'PodMonitor' && metadata.name === 'promtail');
    const { podMetricsEndpoints } = rules.parse(monitor && 'spec' in monitor ? monitor.spec : undefined);
    const [rename] = podMetricsEndpoints[0].metricRelabelings;
    const renamed = (name: string) => name.replace(new RegExp(`^${rename.regex}$`), rename.replacement);
    expect(
      [
        'loki_write_dropped_entries_total',
        'loki_source_file_read_lines_total',
        'process_start_time_seconds',
      ].map(renamed),
    ).toEqual(['promtail_dropped_entries_total', 'promtail_read_lines_total', 'process_start_time_seconds']);
  });
});
