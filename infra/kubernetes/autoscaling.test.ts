import { describe, expect, it } from 'vitest';
import { clusterEnvironments } from '../config/names.ts';
import { clusterContext } from './cluster-context.ts';
import { clusterSystems } from './systems.ts';

describe.each(clusterEnvironments)('autoscalers of %s', (environment) => {
  const { grafana, logPipeline } = clusterContext(environment).kubernetes;
  const objects = clusterSystems(clusterContext(environment)).flatMap((system) => system.objects);
  const scaled = objects.flatMap((object) =>
    object.kind === 'HorizontalPodAutoscaler' && object.spec ? [object.spec] : [],
  );

  it('are where the environment says how many instances there may be', () => {
    expect(scaled.map(({ minReplicas, maxReplicas }) => [minReplicas, maxReplicas])).toEqual(
      [grafana, logPipeline.gateway, logPipeline.ingestor].flatMap(({ replicas, maxReplicas }) =>
        maxReplicas === undefined ? [] : [[replicas, maxReplicas]],
      ),
    );
  });

  it('alone say how many instances of their Deployment there are', () => {
    const names = scaled.map(({ scaleTargetRef }) => scaleTargetRef.name);
    const deployments = objects.flatMap((object) => (object.kind === 'Deployment' ? [object] : []));
    expect(names.filter((name) => !deployments.some(({ metadata }) => metadata.name === name))).toEqual([]);
    for (const { metadata, spec } of deployments)
      expect(spec?.replicas === undefined, metadata.name).toBe(names.includes(metadata.name));
  });

  it('leave what keeps a file of its own alone, and may be emptied node by node', () => {
    const budgets = objects.flatMap((object) =>
      object.kind === 'PodDisruptionBudget' ? [object.metadata.name] : [],
    );
    for (const { scaleTargetRef, metrics } of scaled) {
      expect(budgets).toContain(scaleTargetRef.name);
      const target = objects.find(
        ({ kind, metadata }) => kind === 'Deployment' && metadata.name === scaleTargetRef.name,
      );
      expect(JSON.stringify(target)).not.toContain('persistentVolumeClaim');
      // Its utilization is of what it asks for.
      expect(JSON.stringify(target)).toContain('"requests":{"cpu"');
      expect(
        metrics?.map(({ resource, external }) => resource?.name ?? external?.metric.name),
        scaleTargetRef.name,
      ).toEqual([scaleTargetRef.name === 'log-ingestor' ? 'kafka_consumergroup_lag' : 'cpu']);
    }
  });
});
