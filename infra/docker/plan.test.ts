import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { pipelineServices } from '../../telemetry/contract/pipeline.ts';
import { componentPorts } from '../../telemetry/contract/ports.ts';
import { targetRelabelling } from '../../telemetry/contract/relabelling.ts';
import { serviceNames, services } from '../../telemetry/contract/services.ts';
import { clusterEnvironments } from '../config/names.ts';
import { readEnvironment } from '../config.ts';
import { clusterContext } from '../kubernetes/cluster-context.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { clusterSystems } from '../kubernetes/systems.ts';
import { lokiLimits } from '../render/loki.ts';
import { renderCompose } from './compose.ts';
import { planDocker } from './plan.ts';

const plan = planDocker(readEnvironment('docker'));
/** The same with Kafka as the queue of several ingestors. */
const scaled = planDocker(readEnvironment('docker'), 3);
const container = (name: string) => {
  const found = scaled.containers.find((each) => each.name === name);
  if (!found) throw new Error(`no container ${name}`);
  return found;
};
const file = (name: string): string => plan.files.get(`config/${name}`) ?? '';
const portsOf = (kubernetes: readonly KubernetesObject[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    kubernetes.flatMap((each) =>
      each.kind === 'Service'
        ? z
            .object({ ports: z.array(z.object({ port: z.number() })) })
            .parse(each.spec)
            .ports.slice(0, 1)
            .map(({ port }) => [each.metadata.name, port] as const)
        : [],
    ),
  );

/** Names that both have, where a cluster has them in pods of their own. */
const inBoth = [
  'prometheus',
  'alertmanager',
  'loki',
  'promtail',
  'grafana',
  'node-exporter',
  'kafka',
] as const;

const imagesOf = (objects: readonly KubernetesObject[]): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    objects.flatMap((each) => {
      if (each.kind === 'Prometheus' || each.kind === 'Alertmanager')
        return [[each.metadata.name, z.object({ image: z.string() }).parse(each.spec).image]];
      if (each.kind !== 'Deployment' && each.kind !== 'StatefulSet' && each.kind !== 'DaemonSet') return [];
      return (each.spec.template.spec?.containers ?? []).map(({ name, image }) => [name, image] as const);
    }),
  );

describe.each(clusterEnvironments)('the containers of Docker and those of %s', (environment) => {
  const context = clusterContext(environment);
  const objects = clusterSystems(context).flatMap((system) => system.objects);
  const hasKafka = context.kubernetes.kafka !== undefined;
  const hasBroker = context.kubernetes.kafka?.single !== undefined;

  it('run the same images', () => {
    const images = imagesOf(objects);
    const shared = inBoth.filter((name) => Object.hasOwn(images, name));
    expect(shared.includes('kafka')).toBe(hasBroker);
    expect(shared.length).toBeGreaterThan(3);
    for (const name of shared) expect(container(name).image, name).toEqual({ published: images[name] });
  });

  it('listen on the same ports', () => {
    const ports = portsOf(objects);
    const shared = scaled.containers.filter(({ name }) => Object.hasOwn(ports, name));
    expect(shared.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        ...serviceNames,
        ...Object.keys(pipelineServices),
        'prometheus',
        ...(hasKafka ? ['kafka-exporter'] : []),
        ...(hasBroker ? ['kafka'] : []),
      ]),
    );
    for (const { name, port } of shared) expect(port, name).toBe(ports[name]);
  });

  it('have the same rules but for names, addresses and what the environment says', () => {
    const names = (rules: string): readonly string[] =>
      z
        .object({ groups: z.array(z.object({ name: z.string() })) })
        .parse(parse(rules))
        .groups.map(({ name }) => name);
    const ofCluster = objects.flatMap((each) =>
      each.kind === 'PrometheusRule'
        ? z
            .object({ groups: z.array(z.object({ name: z.string() })) })
            .parse(each.spec)
            .groups.map(({ name }) => name)
        : [],
    );
    expect(new Set(ofCluster)).toEqual(new Set(names(file('rules/sightline.yml'))));
  });

  it('keep what each environment says, by the same settings', () => {
    const { config } = context.stack;
    const custom = objects.find(({ kind }) => kind === 'Prometheus');
    expect(custom?.kind === 'Prometheus' && custom.spec.retention).toBe(config.prometheus.retentionTime);
    const docker = plan.stack.config;
    expect(container('prometheus').command).toEqual(
      expect.arrayContaining([
        `--storage.tsdb.retention.time=${docker.prometheus.retentionTime}`,
        `--storage.tsdb.retention.size=${docker.prometheus.retentionSize}`,
      ]),
    );
    const ofDocker = parse(file('loki.yaml')).limits_config;
    expect(ofDocker).toEqual(lokiLimits(docker));
    expect(Object.keys(ofDocker).sort()).toEqual(Object.keys(lokiLimits(config)).sort());
  });
});

describe('the broker of Docker and the one of dev', () => {
  const objects = clusterSystems(clusterContext('dev')).flatMap((system) => system.objects);
  const config = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'kafka');
  const ofCluster = z
    .record(z.string(), z.string())
    .parse(config?.kind === 'ConfigMap' ? config.data : undefined);
  const ofDocker = (name: string): string => scaled.files.get(`config/kafka/${name}`) ?? '';

  it('are set up alike, but for where data is and the name that clients are given', () => {
    const others = (text = ''): readonly string[] =>
      text.split('\n').filter((line) => !/^(log\.dirs|advertised\.listeners)=/.test(line));
    expect(others(ofDocker('server.properties'))).toEqual(others(ofCluster['server.properties']));
    expect(others(ofDocker('server.properties')).length).toBeGreaterThan(20);
    expect(ofDocker('server.properties')).toContain('advertised.listeners=CLIENTS://kafka:9092\n');
    expect(ofDocker('log4j2.properties')).toBe(ofCluster['log4j2.properties']);
  });

  it('run by the same programs, as do the exporter and the canary', () => {
    const argsOf = (name: string): readonly string[] =>
      objects.flatMap((each) =>
        each.kind === 'Deployment' || each.kind === 'StatefulSet'
          ? [
              ...(each.spec.template.spec?.initContainers ?? []),
              ...(each.spec.template.spec?.containers ?? []),
            ].flatMap((one) => (each.metadata.name === name ? (one.args ?? []) : []))
          : [],
      );
    const words = (name: string): readonly string[] =>
      argsOf(name).filter((word) => !word.includes('/etc/sightline'));
    expect(words('kafka')).toContain('kafka.Kafka');
    for (const word of words('kafka')) expect(container('kafka').command.at(-1)).toContain(word);
    for (const name of ['kafka-exporter', 'log-canary'])
      expect(container(name).command).toEqual(argsOf(name));
  });
});

describe('the containers of Docker', () => {
  it('label lines and series by the rules of every target', () => {
    const rules = targetRelabelling(plan.stack.config);
    const schema = z.object({ scrape_configs: z.array(z.object({ relabel_configs: z.array(z.unknown()) })) });
    const promtail = schema.parse(parse(file('promtail.yaml'))).scrape_configs;
    expect(promtail.map(({ relabel_configs }) => relabel_configs.slice(-rules.length))).toEqual([rules]);
    for (const { relabel_configs } of schema.parse(parse(file('prometheus.yml'))).scrape_configs)
      expect(relabel_configs).toEqual(rules);
  });

  it('run as nobody in particular, with nothing they may change but their volumes, but for one with a reason', () => {
    const roots = scaled.containers.filter(({ user }) => user.startsWith('0:')).map(({ name }) => name);
    expect(roots).toEqual(['promtail']);
    const unhealthy = scaled.containers.filter(({ health }) => 'none' in health).map(({ name }) => name);
    expect(unhealthy).toEqual(['loki']);
  });

  it('hold no secret in their variables', () => {
    for (const { env, name } of scaled.containers)
      for (const key of Object.keys(env)) expect(key, name).not.toMatch(/SECRET$|PASSWORD$|TOKEN$/);
  });

  it('reach each other by names that there are', () => {
    const known = new Set(plan.containers.map(({ name }) => name));
    const text = [...plan.files.values(), JSON.stringify(plan.containers.map(({ env }) => env))].join('\n');
    const asked = [...text.matchAll(/https?:\/\/([a-z][a-z-]*):\d+/g)].map(([, host = '']) => host);
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((host) => host !== 'localhost' && !known.has(host))).toEqual([]);
  });

  it('have ports of their own on the network and on the host', () => {
    expect(container('backend-api').port).toBe(services['backend-api'].port);
    expect(container('prometheus').port).toBe(componentPorts.prometheus);
    const published = plan.containers.filter(({ isPublished }) => isPublished).map(({ port }) => port);
    expect(new Set(published).size).toBe(published.length);
  });
});

describe('the compose file', () => {
  const compose = (ingestors: number) =>
    parse(renderCompose(planDocker(readEnvironment('docker'), ingestors), '../..'));

  it('has every container, and what each of them needs', () => {
    const { services: made, volumes, secrets } = compose(1);
    expect(Object.keys(made)).toEqual(plan.containers.map(({ name }) => name));
    for (const each of [...Object.values<Record<string, unknown>>(made), compose(3).services.kafka]) {
      expect(each).toMatchObject({ restart: 'unless-stopped', read_only: true, cap_drop: ['ALL'] });
      expect(each.logging).toEqual({ driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } });
    }
    expect(Object.keys(volumes)).toContain('loki');
    expect(secrets.GRAFANA_ADMIN_PASSWORD).toEqual({ file: './secrets/GRAFANA_ADMIN_PASSWORD' });
  });

  it('gives several ingestors Kafka as their queue, and each a target of its own', () => {
    const { services: made } = compose(3);
    expect(made['log-ingestor']).toMatchObject({
      scale: 3,
      environment: { KAFKA_BROKERS: 'kafka:9092', INGESTOR_REPLICAS: '3' },
    });
    expect(made['log-gateway'].environment.KAFKA_BROKERS).toBe('kafka:9092');
    expect(made['kafka-exporter'].environment.KAFKA_BROKERS).toBe('kafka:9092');
    expect(made.kafka.image).toMatch(/^docker\.io\/apache\/kafka:/);
    // What has a name or a port of the host can be there only once.
    for (const key of ['container_name', 'hostname', 'ports'])
      expect(made['log-ingestor'], key).not.toHaveProperty(key);
    const { files } = planDocker(readEnvironment('docker'), 3);
    const targets = [
      ...(files.get('config/prometheus.yml') ?? '').matchAll(/sightline-log-ingestor-\d:8082/g),
    ];
    expect(targets).toHaveLength(3);
    expect(files.get('config/prometheus.yml')).toContain('kafka-exporter:9308');
    const single = Object.keys(compose(1).services);
    expect(single.filter((name) => name.includes('kafka'))).toEqual([]);
  });
});
