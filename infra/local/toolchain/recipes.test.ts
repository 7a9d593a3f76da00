import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { productVersions, toolNames } from '../../versions.ts';
import { platformOf, recipes } from './recipes.ts';

const version = Object.fromEntries(
  Object.entries(productVersions).map(([name, product]) => [name, product.version]),
);
const linux = { os: 'linux', arch: 'amd64' } as const;
const mac = { os: 'darwin', arch: 'arm64' } as const;

test.each([
  [
    'prometheus',
    linux,
    `/prometheus/prometheus/releases/download/v${version.prometheus}/prometheus-${version.prometheus}.linux-amd64.tar.gz`,
  ],
  [
    'promtool',
    mac,
    `/prometheus/prometheus/releases/download/v${version.prometheus}/prometheus-${version.prometheus}.darwin-arm64.tar.gz`,
  ],
  [
    'amtool',
    linux,
    `/prometheus/alertmanager/releases/download/v${version.alertmanager}/alertmanager-${version.alertmanager}.linux-amd64.tar.gz`,
  ],
  ['loki', linux, `/grafana/loki/releases/download/v${version.loki}/loki-linux-amd64.zip`],
  ['loki-canary', mac, `/grafana/loki/releases/download/v${version.loki}/loki-canary-darwin-arm64.zip`],
  ['grafana', linux, `/oss/release/grafana-${version.grafana}.linux-amd64.tar.gz`],
  [
    'jaeger',
    mac,
    `/jaegertracing/jaeger/releases/download/v${version.jaeger}/jaeger-${version.jaeger}-darwin-arm64.tar.gz`,
  ],
  ['etcd', mac, `/etcd-io/etcd/releases/download/v${version.etcd}/etcd-v${version.etcd}-darwin-arm64.zip`],
  ['kube-apiserver', linux, `/v${version.kubernetes}/bin/linux/amd64/kube-apiserver`],
  ['kube-apiserver', mac, undefined],
  ['kubectl', mac, `/v${version.kubernetes}/bin/darwin/arm64/kubectl`],
  ['kube-state-metrics', linux, undefined],
  ['daprd', linux, `/dapr/dapr/releases/download/v${version.dapr}/daprd_linux_amd64.tar.gz`],
  [
    'docker-compose',
    mac,
    `/docker/compose/releases/download/v${version.docker_compose}/docker-compose-darwin-aarch64`,
  ],
] as const)('the release of %s', (tool, platform, path) => {
  expect(recipes[tool].release(platform)?.archivePath).toBe(path);
});

test('the machines that releases are published for', () => {
  expect(platformOf('linux', 'x64')).toEqual({ os: 'linux', arch: 'amd64' });
  expect(platformOf('darwin', 'arm64')).toEqual({ os: 'darwin', arch: 'arm64' });
  expect(platformOf('win32', 'x64')).toBeUndefined();
  expect(platformOf('linux', 'riscv64')).toBeUndefined();
});

describe.each(toolNames.filter((tool) => recipes[tool].go !== undefined))('the Go module of %s', (tool) => {
  test('pins the version in versions.ts and declares the package as a tool', async () => {
    const { go, product } = recipes[tool];
    const goMod = await readFile(join(import.meta.dirname, 'go', go?.module ?? '', 'go.mod'), 'utf8');
    expect(goMod.replaceAll(' // indirect', '')).toContain(
      `\t${product.goModule?.path} ${product.goModule?.version}\n`,
    );
    expect(goMod.replaceAll('tool ', '\t')).toContain(`\t${go?.package}\n`);
  });
});

test('the pom of kafka pins the version in versions.ts', async () => {
  const pom = await readFile(join(import.meta.dirname, 'maven', 'kafka', 'pom.xml'), 'utf8');
  const dependency = /<artifactId>kafka_2\.13<\/artifactId>\s*<version>([^<]+)<\/version>/.exec(pom);
  expect(dependency?.[1]).toBe(productVersions.kafka.version);
});
