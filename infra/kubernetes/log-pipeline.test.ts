import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPipelineConfig } from '../../services/pipeline/config/read-config.ts';
import { clusterEnvironments } from '../config/names.ts';
import { clusterContext } from './cluster-context.ts';
import type { ClusterContext } from './context.ts';
import { isKept } from './kept.ts';
import type { ObjectOf } from './object.ts';
import { clusterSystems } from './systems.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-pipeline-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pipelineOf = (context: ClusterContext) =>
  clusterSystems(context).find(({ name }) => name === 'log-pipeline')?.objects ?? [];

type Workload = ObjectOf<'Deployment'> | ObjectOf<'StatefulSet'>;
const workloadsOf = (context: ClusterContext): readonly Workload[] =>
  pipelineOf(context).filter(
    (object): object is Workload => object.kind === 'Deployment' || object.kind === 'StatefulSet',
  );
const podOf = ({ spec }: Workload) => spec?.template.spec;

/** Without the canary, which is a client. */
const queueing = (workloads: readonly Workload[]): readonly Workload[] =>
  workloads.filter(({ metadata }) => metadata.name !== 'log-canary');

/** What a process reads when it starts in its pod: the file, and variables over it with secrets in their place. */
function settingsOf(context: ClusterContext, workload: Workload) {
  const config = pipelineOf(context).find(({ kind }) => kind === 'ConfigMap');
  const file = join(folder, 'config.yaml');
  writeFileSync(file, (config?.kind === 'ConfigMap' && config.data?.['config.yaml']) || '');
  const own = podOf(workload)?.containers[0]?.env ?? [];
  const password = 'of-redis-and-kafka';
  const env = Object.fromEntries(
    own.map(({ name, value }) => [name, value?.replace('$(LOG_REDIS_PASSWORD)', password) ?? password]),
  );
  return readPipelineConfig({ file, env });
}

describe.each(clusterEnvironments)('the log pipeline of %s', (environment) => {
  const context = clusterContext(environment);

  it('is told what its processes take, and where Loki and Prometheus are', () => {
    const workloads = workloadsOf(context);
    expect(workloads.map(({ metadata }) => metadata.name)).toEqual([
      'log-gateway',
      'log-ingestor',
      'log-canary',
    ]);
    for (const workload of queueing(workloads)) {
      const { gateway, loki, prometheus, ingestor, behind } = settingsOf(context, workload);
      expect([gateway.host, ingestor.labels.environment]).toEqual(['0.0.0.0', environment]);
      expect(loki.url).toMatch(/^http:\/\/loki/);
      expect(prometheus.url).toBe('http://prometheus.monitoring.svc:9090');
      expect(behind.ingestor).toBe('http://log-ingestor.tasks.svc:8082');
    }
  });

  it('has its secrets in Secrets alone', () => {
    const shown = JSON.stringify(pipelineOf(context).filter(({ kind }) => kind !== 'Secret'));
    expect(shown).not.toMatch(/secretRef"/);
    const secrets = pipelineOf(context).filter(
      (object): object is ObjectOf<'Secret'> => object.kind === 'Secret',
    );
    expect(secrets.map(({ stringData }) => Object.values(stringData))).toContainEqual([
      { secretRef: 'LOG_GATEWAY_KEYS' },
    ]);
  });

  it('shows nobody outside what it tells Prometheus and the kubelet', () => {
    const entrance = clusterSystems(context)
      .flatMap(({ objects }) => objects)
      .find(({ kind, metadata }) => kind === 'Ingress' && metadata.name === 'log-gateway');
    expect(entrance !== undefined).toBe(context.kubernetes.logPipeline.host !== undefined);
    const paths = [...JSON.stringify(entrance ?? {}).matchAll(/"path":"([^"]+)","pathType":"(\w+)"/g)];
    const open = paths.map(([, path]) => path);
    for (const inner of ['/metrics', '/health', '/ready', '/actuator/health'])
      expect(open).not.toContain(inner);
    expect(paths.filter(([, path, type]) => path === '/' && type !== 'Exact')).toEqual([]);
  });
});

describe('the embedded queue', () => {
  const context = clusterContext('staging');

  it('is one volume of one gateway and one ingestor, on one node, and stays when they go', () => {
    const claims = pipelineOf(context).filter(({ kind }) => kind === 'PersistentVolumeClaim');
    expect(claims.map(({ metadata }) => metadata.name)).toEqual(['log-queue']);
    expect(claims.every(isKept)).toBe(true);
    for (const workload of queueing(workloadsOf(context))) {
      expect([workload.kind, workload.spec?.replicas]).toEqual(['StatefulSet', 1]);
      const pod = podOf(workload);
      expect(pod?.volumes?.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim ?? [])).toEqual([
        { claimName: 'log-queue' },
      ]);
      const [together] = pod?.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
      expect(together?.topologyKey).toBe('kubernetes.io/hostname');
      // It finds itself: else the first would wait for the second for ever.
      expect(workload.spec?.template.metadata?.labels).toMatchObject(
        together?.labelSelector?.matchLabels ?? {},
      );
    }
  });

  it('leaves room on the volume for dead letters', () => {
    const [gateway] = workloadsOf(context);
    if (!gateway) throw new Error('there is no gateway');
    const { queue, kafka } = settingsOf(context, gateway);
    expect(kafka.brokers).toEqual([]);
    expect(queue).toEqual({ directory: '/data/queue', maxBytes: 6_442_450_944, minFreeBytes: 1_073_741_824 });
  });
});

describe('a Loki that the cluster has, and that asks for a password', () => {
  it('is told it by every process, from a Secret', () => {
    const staging = clusterContext('staging');
    const loki = { url: 'https://logs.example.com', tenant: 'tasks', user: 'writer' };
    const context = { ...staging, kubernetes: { ...staging.kubernetes, existing: { loki } } };
    for (const workload of queueing(workloadsOf(context)))
      expect(settingsOf(context, workload).loki).toMatchObject({
        url: loki.url,
        user: 'writer',
        password: 'of-redis-and-kafka',
      });
    expect(JSON.stringify(pipelineOf(context))).toContain('{"LOKI_PASSWORD":{"secretRef":"LOKI_PASSWORD"}}');
  });
});

describe('the queue in Kafka', () => {
  it('of production is reached by TLS and a password, and scales by the lag of its group', () => {
    const context = clusterContext('prod');
    for (const workload of queueing(workloadsOf(context))) {
      expect([workload.kind, workload.spec?.replicas]).toEqual(['Deployment', undefined]);
      const { kafka } = settingsOf(context, workload);
      expect(kafka).toMatchObject({
        tls: true,
        saslMechanism: 'SCRAM-SHA-512',
        saslUsername: 'sightline',
        partitions: 12,
        group: 'log-ingestor',
      });
      expect(kafka.brokers).toHaveLength(3);
      expect(JSON.stringify(podOf(workload)?.volumes)).not.toContain('persistentVolumeClaim');
    }
    const scaler = pipelineOf(context).find(
      (object): object is ObjectOf<'HorizontalPodAutoscaler'> =>
        object.kind === 'HorizontalPodAutoscaler' && object.metadata.name === 'log-ingestor',
    );
    expect(scaler?.spec?.metrics).toEqual([
      {
        type: 'External',
        external: {
          metric: {
            name: 'kafka_consumergroup_lag',
            selector: { matchLabels: { consumergroup: 'log-ingestor' } },
          },
          target: { type: 'AverageValue', averageValue: '2000' },
        },
      },
    ]);
  });

  it('of dev is a broker of one node, whose address its clients are told', () => {
    const context = clusterContext('dev');
    const [gateway] = workloadsOf(context);
    if (!gateway) throw new Error('there is no gateway');
    expect(settingsOf(context, gateway).kafka.brokers).toEqual(['kafka.monitoring.svc:9092']);
    const broker = clusterSystems(context).find(({ name }) => name === 'kafka')?.objects ?? [];
    expect(JSON.stringify(broker)).toContain('advertised.listeners=CLIENTS://kafka.monitoring.svc:9092');
  });

  it('may be reached with an authority of one’s own, which every client is given', () => {
    const prod = clusterContext('prod');
    const existing = prod.kubernetes.kafka?.existing;
    if (!existing) throw new Error('production has no brokers');
    const context: ClusterContext = {
      ...prod,
      kubernetes: {
        ...prod.kubernetes,
        services: { ...prod.kubernetes.services, events: 'kafka' },
        kafka: { existing: { ...existing, ca: 'certificate' } },
      },
    };
    for (const workload of queueing(workloadsOf(context)))
      expect(settingsOf(context, workload).kafka.caFile).toBe('/etc/sightline/kafka/ca.pem');
    const bus = clusterSystems(context)
      .flatMap(({ objects }) => objects)
      .find(({ kind, metadata }) => kind === 'Component' && metadata.name === 'pubsub');
    expect(bus).toMatchObject({ spec: { type: 'pubsub.kafka' } });
    const settings = JSON.stringify(bus);
    for (const said of [
      '"SHA-512"',
      '"certificate"',
      '"authType","value":"password"',
      '"disableTls","value":"false"',
    ])
      expect(settings).toContain(said);
    expect(settings).toContain('"secretKeyRef":{"name":"event-bus-kafka","key":"password"}');
  });
});
