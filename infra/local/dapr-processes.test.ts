import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type ServiceName, serviceNames } from '../../telemetry/contract/services.ts';
import type { Extra } from './extras.ts';
import { planLocal } from './plan.ts';

const plan = (...extras: readonly Extra[]) =>
  planLocal({ portOffset: 20_000, stateDir: '/state', env: {}, timeScale: 1, with: extras });

test('nothing of it is there unless asked for', async () => {
  const { processes, files, secretFiles } = await plan();
  const targets = files.get('config/prometheus.yml') ?? '';
  const everything = JSON.stringify([processes, ...files.keys(), ...secretFiles.keys(), targets]);
  expect(everything.match(/.{20}(daprd|DAPR|redis).{20}/g)).toBeNull();
});

test('each service speaks to a sidecar of its own, which ends after it', async () => {
  const { processes } = await plan('dapr');
  for (const name of serviceNames) {
    const sidecar = processes.find((one) => one.name === `${name}-dapr`);
    const service = processes.find((one) => one.name === name);
    expect(service?.env.DAPR_HTTP_PORT).toBe(String(sidecar?.ports[0]));
    expect(sidecar).toMatchObject({ after: ['redis'], stopAfter: [name] });
    expect(sidecar?.pod).toEqual({ ...service?.pod, container: 'daprd' });
    expect(sidecar?.run.args).toContain(`--app-port=${service?.ports[0]}`);
  }
});

test('every port is of one process, all moved by the offset', async () => {
  const ports = (await plan('dapr')).processes.flatMap((process) => process.ports);
  expect(new Set(ports).size).toBe(ports.length);
  expect(Math.min(...ports)).toBeGreaterThan(20_000);
});

test('a sidecar is scraped with its application’s labels, under a name of its own', async () => {
  const { files } = await plan('dapr');
  const { scrape_configs } = parse(files.get('config/prometheus.yml') ?? '');
  const jobs: readonly string[] = scrape_configs.map((one: { job_name: string }) => one.job_name);
  expect(new Set(jobs).size).toBe(jobs.length);
  const labelsOf = (job: string) =>
    scrape_configs.find((one: { job_name: string }) => one.job_name === job).static_configs[0].labels;
  for (const name of serviceNames)
    expect(labelsOf(`${name}-dapr`)).toEqual({
      ...labelsOf(name),
      __meta_kubernetes_pod_container_name: 'daprd',
    });
});

test('the password is in files of its own only', async () => {
  const { processes, files, secretFiles } = await plan('dapr');
  const password = secretFiles.get('secrets/REDIS_PASSWORD') ?? '';
  expect(password).toMatch(/^[\w-]{24}$/);
  expect(secretFiles.get('secrets/redis.conf')).toContain(`requirepass ${password}\n`);
  expect(secretFiles.get('secrets/redis.conf')).toContain('appendfsync always\n');
  expect(JSON.parse(secretFiles.get('secrets/dapr.json') ?? '')).toEqual({ redisPassword: password });
  expect(JSON.stringify([processes, ...files])).not.toContain(password);
});

test('the sidecars let each service publish and hear what the contract says, and nothing else', async () => {
  const { files } = await plan('dapr');
  const component = parse(files.get('config/dapr/bus.yaml') ?? '');
  const settings = new Map<string, string>(
    component.spec.metadata.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );
  const scopes = (name: string): Partial<Record<ServiceName, string>> =>
    Object.fromEntries((settings.get(name) ?? '').split(';').map((scope) => scope.split('=')));
  expect(scopes('publishingScopes')).toMatchObject({
    'backend-api': 'task-events,dead-letters-backend-api',
    audit: 'dead-letters-audit',
  });
  expect(scopes('subscriptionScopes')).toMatchObject({
    'backend-api': 'task-updates',
    audit: 'task-events,reminders',
  });
  expect(settings.get('protectedTopics')).toBe(settings.get('allowedTopics'));
});

test('with Kafka the bus is on its broker, and the state stays in Redis', async () => {
  const { files } = await plan('dapr', 'kafka');
  const bus = files.get('config/dapr/bus.yaml');
  expect(bus).toContain('pubsub.kafka');
  expect(bus).toContain('127.0.0.1:29092');
  expect(files.get('config/dapr/state.yaml')).toContain('state.redis');
});
