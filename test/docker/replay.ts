import { spawn } from 'node:child_process';
import { chmodSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { dockerSocket } from '../../infra/docker/components.ts';
import type { Declared } from '../../infra/kubernetes/dump/declared.ts';
import { durationMs } from '../../telemetry/query/scale-time.ts';
import type { CreateContainer, DockerApi } from './docker-api.ts';

/** Pulumi's mark of a secret among inputs. */
const marked = z.object({ value: z.string() });
const text = z.union([z.string(), marked.transform(({ value }) => value)]);
const uploads = z.union([
  z.array(z.object({ file: z.string(), content: text, permissions: z.string() })),
  z
    .object({ value: z.array(z.object({ file: z.string(), content: text, permissions: z.string() })) })
    .transform(({ value }) => value),
]);

/** What the program declares of a container; every key of it, so that none is passed over. */
const containerInputs = z.strictObject({
  name: z.string(),
  image: z.string(),
  hostname: z.string(),
  networksAdvanced: z.array(z.strictObject({ name: z.string(), aliases: z.array(z.string()) })),
  command: z.array(z.string()).optional(),
  user: z.string(),
  envs: z.array(z.string()).optional(),
  ports: z.array(z.strictObject({ internal: z.number(), external: z.number(), ip: z.string() })).optional(),
  uploads: uploads.optional(),
  volumes: z.array(z.strictObject({ volumeName: z.string(), containerPath: z.string() })),
  mounts: z.array(
    z.strictObject({
      type: z.literal('bind'),
      source: z.string(),
      target: z.string(),
      readOnly: z.boolean(),
      bindOptions: z.strictObject({ propagation: z.string() }).optional(),
    }),
  ),
  tmpfs: z.record(z.string(), z.string()),
  readOnly: z.boolean(),
  capabilities: z.strictObject({ drops: z.array(z.string()) }),
  securityOpts: z.array(z.string()),
  pidMode: z.string().optional(),
  healthcheck: z.strictObject({
    tests: z.array(z.string()),
    interval: z.string().optional(),
    timeout: z.string().optional(),
    startPeriod: z.string().optional(),
    retries: z.number().optional(),
  }),
  restart: z.string(),
  stopTimeout: z.number(),
  destroyGraceSeconds: z.number(),
  logDriver: z.string(),
  logOpts: z.record(z.string(), z.string()),
  labels: z.array(z.strictObject({ label: z.string(), value: z.string() })),
  wait: z.boolean(),
  mustRun: z.boolean(),
});
type ContainerInputs = z.infer<typeof containerInputs>;

/** What the program declares, by kind. */
export interface DeclaredStack {
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
  /** Names of images that are pulled or, by tag, built. */
  readonly images: readonly string[];
  readonly built: readonly string[];
  readonly containers: readonly ContainerInputs[];
}

const named = z.object({ name: z.string() });
const tagged = z.object({ tags: z.tuple([z.string()]) });

/** @throws ZodError when the program declares something of a container that is not replayed here */
export function declaredStack(declared: readonly Declared[]): DeclaredStack {
  const inputsOf = (type: string): readonly Declared['inputs'][] =>
    declared.filter((each) => each.type === type).map(({ inputs }) => inputs);
  return {
    networks: inputsOf('docker:index/network:Network').map((inputs) => named.parse(inputs).name),
    volumes: inputsOf('docker:index/volume:Volume').map((inputs) => named.parse(inputs).name),
    images: inputsOf('docker:index/remoteImage:RemoteImage').map((inputs) => named.parse(inputs).name),
    built: inputsOf('docker-build:index:Image').map((inputs) => tagged.parse(inputs).tags[0]),
    containers: inputsOf('docker:index/container:Container').map((inputs) => containerInputs.parse(inputs)),
  };
}

const nanoseconds = (duration: string): number => {
  const parts = [...duration.matchAll(/\d+(?:ms|s|m|h)/g)].map(([part]) => durationMs(part) ?? 0);
  return parts.reduce((sum, ms) => sum + ms, 0) * 1_000_000;
};

/**
 * The call that makes a container of what is declared, as Pulumi's provider makes it. What differs: ports of the host
 * are free ones, and Docker's socket is the one that is replayed on.
 */
function createBody(inputs: ContainerInputs, socket: string): CreateContainer {
  const { healthcheck } = inputs;
  const ports = inputs.ports ?? [];
  return {
    Image: inputs.image.split('@')[0] ?? '',
    ...(inputs.command && { Cmd: inputs.command }),
    User: inputs.user,
    Hostname: inputs.hostname,
    ...(inputs.envs && { Env: inputs.envs }),
    Labels: Object.fromEntries(inputs.labels.map(({ label, value }) => [label, value])),
    ExposedPorts: Object.fromEntries(ports.map(({ internal }) => [`${internal}/tcp`, {}])),
    Healthcheck: {
      Test: healthcheck.tests,
      ...(healthcheck.interval && { Interval: nanoseconds(healthcheck.interval) }),
      ...(healthcheck.timeout && { Timeout: nanoseconds(healthcheck.timeout) }),
      ...(healthcheck.startPeriod && { StartPeriod: nanoseconds(healthcheck.startPeriod) }),
      ...(healthcheck.retries && { Retries: healthcheck.retries }),
    },
    StopTimeout: inputs.stopTimeout,
    HostConfig: {
      NetworkMode: inputs.networksAdvanced[0]?.name,
      PortBindings: Object.fromEntries(
        ports.map(({ internal, ip }) => [`${internal}/tcp`, [{ HostIp: ip, HostPort: '0' }]]),
      ),
      Binds: inputs.volumes.map(({ volumeName, containerPath }) => `${volumeName}:${containerPath}`),
      Mounts: inputs.mounts.map(({ source, target, readOnly, bindOptions }) => ({
        Type: 'bind',
        Source: source === dockerSocket ? socket : source,
        Target: target,
        ReadOnly: readOnly,
        ...(bindOptions && { BindOptions: { Propagation: bindOptions.propagation } }),
      })),
      Tmpfs: inputs.tmpfs,
      ReadonlyRootfs: inputs.readOnly,
      CapDrop: inputs.capabilities.drops,
      SecurityOpt: inputs.securityOpts,
      ...(inputs.pidMode && { PidMode: inputs.pidMode }),
      RestartPolicy: { Name: inputs.restart },
      LogConfig: { Type: inputs.logDriver, Config: inputs.logOpts },
    },
    NetworkingConfig: {
      EndpointsConfig: Object.fromEntries(
        inputs.networksAdvanced.map(({ name, aliases }) => [name, { Aliases: aliases }]),
      ),
    },
  };
}

/** Makes a container, puts its files into it, and starts it: the order of Pulumi's provider. */
export async function replayContainer(
  api: DockerApi,
  inputs: ContainerInputs,
  socket: string,
): Promise<void> {
  await api.createContainer(inputs.name, createBody(inputs, socket));
  if (inputs.uploads) await uploadFiles(api, inputs.name, inputs.uploads);
  await api.startContainer(inputs.name);
}

interface UploadedFile {
  readonly file: string;
  readonly content: string;
  /** As `chmod` has them, `0444`. */
  readonly permissions: string;
}

/** The files with folders for them, all of them root's. */
async function uploadFiles(api: DockerApi, container: string, files: readonly UploadedFile[]): Promise<void> {
  const staged = mkdtempSync(join(tmpdir(), 'sightline-upload-'));
  try {
    chmodSync(staged, 0o755);
    for (const { file, content, permissions } of files) {
      const path = join(staged, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      chmodSync(path, Number.parseInt(permissions, 8));
    }
    // Not the folder itself: it keeps its owner.
    const entries = globSync('*', { cwd: staged });
    const packer = spawn('tar', ['-C', staged, '--owner=0', '--group=0', '-cf', '-', ...entries], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await api.upload(container, '/', packer.stdout);
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}
