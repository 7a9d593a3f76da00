import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { serviceNames } from '../../telemetry/contract/services.ts';
import { clusterContext } from './cluster-context.ts';
import { probedAddresses } from './probed.ts';
import { clusterSystems } from './systems.ts';

const spec = z.object({
  module: z.string(),
  targets: z.object({
    staticConfig: z.object({
      static: z.tuple([z.string()]),
      relabelingConfigs: z.array(z.record(z.string(), z.unknown())),
    }),
  }),
  metricRelabelings: z.array(z.record(z.string(), z.unknown())),
});

const probesOf = (name: 'dev' | 'prod') =>
  clusterSystems(clusterContext(name))
    .flatMap((system) => system.objects)
    .flatMap((object) => (object.kind === 'Probe' ? [spec.parse(object.spec)] : []));

describe('what is probed', () => {
  it('is the health of every service, and from outside what an Ingress serves', () => {
    const inside = serviceNames.map((name) =>
      expect.stringMatching(`^http://${name}.tasks.svc:\\d+/health$`),
    );
    expect(probesOf('prod').map(({ targets }) => targets.staticConfig.static[0])).toEqual([
      ...inside,
      'https://grafana.prod.example.com/api/health',
      'https://tasks.prod.example.com/tasks',
      'https://logs.prod.example.com/',
    ]);
    expect(probesOf('dev').map(({ targets }) => targets.staticConfig.static[0])).toEqual(inside);
  });

  it('has the host names of the Ingresses', () => {
    const hosts = clusterSystems(clusterContext('prod'))
      .flatMap((system) => system.objects)
      .flatMap((object) => (object.kind === 'Ingress' ? (object.spec?.rules ?? []) : []))
      .map(({ host }) => host);
    const probed = probedAddresses(clusterContext('prod')).filter(({ way }) => way === 'public');
    expect(probed.map(({ url }) => new URL(url).hostname)).toEqual(hosts);
  });
});

describe('the labels of a probe', () => {
  const [probe] = probesOf('prod');

  it('are those of the exporter for the target, so that a service that is down is not up by its probe', () => {
    expect(probe?.targets.staticConfig.relabelingConfigs).toContainEqual({
      targetLabel: 'service',
      replacement: 'blackbox-exporter',
    });
  });

  it('are those of the service for what was measured, and nothing else is kept', () => {
    expect(probe?.metricRelabelings).toEqual([
      { action: 'keep', sourceLabels: ['__name__'], regex: 'probe_success' },
      { targetLabel: 'service', replacement: 'backend-api' },
      { targetLabel: 'namespace', replacement: 'tasks' },
    ]);
  });
});
