import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { targetRelabelling } from '../../telemetry/contract/relabelling.ts';
import { clusterEnvironments } from '../config/names.ts';
import { clusterContext } from './cluster-context.ts';
import type { ObjectOf } from './object.ts';
import { clusterSystems } from './systems.ts';

const rules = z.array(z.record(z.string(), z.unknown()));
const endpoint = z.object({
  honorLabels: z.boolean().optional(),
  relabelings: rules,
  metricRelabelings: rules.optional(),
});

const endpointsOf = ({ spec }: ObjectOf<'ServiceMonitor' | 'PodMonitor'>) =>
  z.array(endpoint).parse(spec.endpoints ?? spec.podMetricsEndpoints);

describe.each(clusterEnvironments)('the monitors of %s', (name) => {
  const context = clusterContext(name);
  const monitors = clusterSystems(context)
    .flatMap((system) => system.objects)
    .flatMap((object) => (object.kind === 'ServiceMonitor' || object.kind === 'PodMonitor' ? [object] : []));
  const exporters = ['kube-state-metrics', 'kubelet'];

  it('label pods by the rules that label a laptop’s processes', () => {
    const local = targetRelabelling(context.stack.config).map(
      ({ source_labels, target_label, replacement }) => [source_labels, target_label, replacement],
    );
    const ofPods = monitors.filter(({ metadata }) => !exporters.includes(metadata.name));
    expect(ofPods.length).toBeGreaterThan(7);
    for (const { relabelings } of ofPods.flatMap(endpointsOf)) {
      const copied = relabelings.map((rule) => [rule.sourceLabels, rule.targetLabel, rule.replacement]);
      expect(copied.slice(0, local.length)).toEqual(local);
      expect(relabelings.slice(local.length)).toEqual([{ action: 'labeldrop', regex: 'endpoint' }]);
    }
  });

  it('leave what exporters say of others as it is', () => {
    const ofExporters = monitors.filter(({ metadata }) => exporters.includes(metadata.name));
    expect(ofExporters).toHaveLength(2);
    for (const monitor of ofExporters)
      for (const { honorLabels, relabelings, metricRelabelings } of endpointsOf(monitor)) {
        expect(honorLabels).toBe(true);
        expect(relabelings.at(-1)).toEqual({
          action: 'labeldrop',
          regex: 'endpoint|namespace|pod|container|node',
        });
        expect(metricRelabelings?.at(-1)).toEqual({
          sourceLabels: ['service'],
          regex: monitor.metadata.name,
          targetLabel: 'service',
          replacement: '',
        });
      }
  });
});
