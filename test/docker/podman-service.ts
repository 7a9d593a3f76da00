import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executableOnPath } from '../../infra/local/toolchain/path-lookup.ts';
import { waitFor } from '../support/wait.ts';
import { DockerApi } from './docker-api.ts';

/** What a host must have so that containers run on it; `apt install podman runc netavark aardvark-dns iptables wget`. */
const needed = ['podman', 'runc', 'iptables', 'wget', 'bash', 'ldd', 'tar'];

/** Why no container can run here; undefined where they can. @param more programs that images are made of */
export async function whyNoContainers(...more: readonly string[]): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'containers run on Linux alone';
  if (process.getuid?.() !== 0) return 'the network between containers takes root';
  const all = [...needed, ...more];
  const found = await Promise.all(all.map((name) => executableOnPath(name, process.env)));
  const missing = all.filter((_, index) => found[index] === undefined);
  return missing.length > 0 ? `not on PATH: ${missing.join(', ')}` : undefined;
}

/** A worker of vitest gets one of these when the run is ended from outside. */
const endingSignals = ['SIGINT', 'SIGTERM'] as const;

const memory = '/dev/shm';
const roomForImages = 4 * 1024 ** 3;

/** Where images and layers are made for a moment: in memory where there is room, for a disk takes ten times as long. */
export function workFolder(): string {
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > roomForImages ? memory : tmpdir();
}

/** Limits that a container inside a container may still set. */
const containersConf = `[engine]
runtime = "runc"
lock_type = "file"
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[network]
network_backend = "netavark"
`;

/** Docker's API by Podman, with images, containers, networks and volumes of its own, all below one folder. */
export class PodmanService {
  readonly api: DockerApi;
  readonly socket: string;
  private readonly folder: string;
  private readonly process: ChildProcess;
  private readonly atExit = (): void => this.wipe();
  private readonly atSignal = (): void => process.exit(1);

  private constructor(folder: string, process: ChildProcess) {
    this.folder = folder;
    this.process = process;
    this.socket = join(folder, 'podman.sock');
    this.api = new DockerApi(this.socket);
  }

  static async start(): Promise<PodmanService> {
    const folder = mkdtempSync(join(workFolder(), 'sightline-docker-'));
    mkdirSync(join(folder, 'networks'));
    writeFileSync(join(folder, 'containers.conf'), containersConf);
    const socket = join(folder, 'podman.sock');
    const child = spawn('podman', [...flags(folder), 'system', 'service', '--time=0', `unix://${socket}`], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: environment(folder),
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk).slice(-4000);
    });
    const service = new PodmanService(folder, child);
    // Containers are no children of this process: an end without a goodbye would leave them running.
    process.once('exit', service.atExit);
    for (const signal of endingSignals) process.once(signal, service.atSignal);
    await waitFor('Podman to answer', () => service.api.ping(), 30_000).catch(async (error: unknown) => {
      await service.stop();
      throw new Error(`podman system service: ${said}`, { cause: error });
    });
    return service;
  }

  async stop(): Promise<void> {
    await this.api.close();
    process.off('exit', this.atExit);
    for (const signal of endingSignals) process.off(signal, this.atSignal);
    this.wipe();
  }

  /** Ends everything, and removes all that it left: containers, networks, volumes, images, this service. */
  private wipe(): void {
    const podman = (...args: string[]): void => {
      spawnSync('podman', [...flags(this.folder), ...args], {
        env: environment(this.folder),
        timeout: 120_000,
      });
    };
    podman('rm', '--all', '--force', '--time', '1', '--volumes');
    podman('network', 'prune', '--force');
    this.process.kill('SIGTERM');
    podman('system', 'reset', '--force');
    spawnSync('umount', ['--lazy', join(this.folder, 'root/overlay')]);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const flags = (folder: string): readonly string[] => [
  '--root',
  join(folder, 'root'),
  '--runroot',
  join(folder, 'run'),
  '--tmpdir',
  join(folder, 'tmp'),
  '--network-config-dir',
  join(folder, 'networks'),
];

const environment = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  CONTAINERS_CONF: join(folder, 'containers.conf'),
  TMPDIR: folder,
});
