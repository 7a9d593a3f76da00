import { describe, expect, it } from 'vitest';
import { serviceNames } from '../../telemetry/contract/services.ts';
import { clusterContext } from './cluster-context.ts';
import type { ClusterContext } from './context.ts';
import { flows } from './flows.ts';
import type { ObjectOf } from './object.ts';
import { clusterSystems, secretsOf } from './systems.ts';

const dev = clusterContext('dev');
const none = clusterContext('prod');
const existing: ClusterContext = {
  ...none,
  kubernetes: {
    ...none.kubernetes,
    traces: { store: 'otlp', endpoint: 'https://otlp.example.com:4443', headers: true },
  },
};

const objectsOf = (context: ClusterContext) => clusterSystems(context).flatMap((system) => system.objects);
const variablesOf = (context: ClusterContext) =>
  objectsOf(context)
    .filter(
      (object): object is ObjectOf<'StatefulSet'> =>
        object.kind === 'StatefulSet' && serviceNames.some((name) => name === object.metadata.name),
    )
    .map(({ spec }) =>
      spec?.template?.spec?.containers[0]?.env?.filter(({ name }) => name.startsWith('OTEL')),
    );
const portsTo = (context: ClusterContext, part: string) =>
  flows(context)
    .filter(({ to }) => to !== 'anywhere' && 'part' in to && to.part === part)
    .map(({ ports }) => ports[0]?.port);

const senders = [...serviceNames, 'log-gateway', 'log-ingestor', 'log-canary'];

describe('traces', () => {
  it('of dev go to Jaeger, which only the services, the log pipeline and Grafana may call', () => {
    const named = objectsOf(dev).filter(({ metadata }) => metadata.name === 'jaeger');
    expect(named.map(({ kind }) => kind).sort()).toEqual([
      'Deployment',
      'NetworkPolicy',
      'Service',
      'ServiceAccount',
    ]);
    const sent = [{ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: 'http://jaeger.monitoring.svc:4318' }];
    expect(variablesOf(dev)).toEqual(serviceNames.map(() => sent));
    expect(portsTo(dev, 'jaeger')).toEqual([...senders.map(() => 4318), 16_686]);
  });

  it('go nowhere where nothing is said', () => {
    expect(variablesOf(none)).toEqual(serviceNames.map(() => []));
    expect(objectsOf(none).some(({ metadata }) => metadata.name === 'jaeger')).toBe(false);
  });

  it('go to a store that is there already, with headers that only a Secret holds', () => {
    expect(variablesOf(existing)).toEqual(
      serviceNames.map(() => [
        { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: 'https://otlp.example.com:4443' },
        {
          name: 'OTEL_EXPORTER_OTLP_HEADERS',
          valueFrom: { secretKeyRef: { name: 'traces', key: 'OTLP_HEADERS' } },
        },
      ]),
    );
    expect(secretsOf(clusterSystems(existing))).toContain('OTLP_HEADERS');
    expect(secretsOf(clusterSystems(none))).not.toContain('OTLP_HEADERS');
    const out = flows(existing).filter(({ to, ports }) => to === 'anywhere' && ports[0]?.port === 4443);
    expect(out).toHaveLength(senders.length);
  });
});
