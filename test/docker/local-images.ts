import { execFileSync, spawn } from 'node:child_process';
import {
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { builtImages } from '../../infra/docker/container.ts';
import { executableOnPath } from '../../infra/local/toolchain/path-lookup.ts';
import { repositoryRoot } from '../../infra/repository.ts';
import type { ToolName } from '../../infra/versions.ts';
import { copiedFiles, imageInstructions, installedPackages } from '../support/image-files.ts';
import { toolPath } from '../support/tools.ts';
import type { DockerApi } from './docker-api.ts';
import { workFolder } from './podman-service.ts';

/** An image that stands for a published one: the same program at the same path, with what else its image is known to hold. */
interface StandIn {
  readonly tools?: Readonly<Partial<Record<ToolName, string>>>;
  readonly entrypoint?: string;
  /** Programs beside it that health checks and commands use. */
  readonly has?: readonly ('wget' | 'bash' | 'dirname')[];
  /** Puts more into it; the instructions that this takes. */
  readonly more?: (root: string) => Promise<readonly string[]>;
  /** Folders that its user may write, so that a new volume is that user's. */
  readonly folders?: readonly { readonly path: string; readonly uid: number }[];
}

const nobody = 65_534;
const usualPath = 'ENV PATH=/usr/local/bin:/usr/bin:/bin';

/** By the repository of the published image. */
const standIns: Readonly<Record<string, StandIn>> = {
  'quay.io/prometheus/prometheus': {
    tools: { prometheus: '/bin/prometheus' },
    entrypoint: '/bin/prometheus',
    has: ['wget'],
    folders: [{ path: '/prometheus', uid: nobody }],
  },
  'quay.io/prometheus/alertmanager': {
    tools: { alertmanager: '/bin/alertmanager' },
    entrypoint: '/bin/alertmanager',
    has: ['wget'],
    folders: [{ path: '/alertmanager', uid: nobody }],
  },
  'quay.io/prometheus/node-exporter': {
    tools: { node_exporter: '/bin/node_exporter' },
    entrypoint: '/bin/node_exporter',
    has: ['wget'],
  },
  'docker.io/grafana/loki': {
    tools: { loki: '/usr/bin/loki' },
    entrypoint: '/usr/bin/loki',
    folders: [{ path: '/loki', uid: 10_001 }],
  },
  'docker.io/grafana/promtail': {
    tools: { promtail: '/usr/bin/promtail' },
    entrypoint: '/usr/bin/promtail',
    has: ['bash'],
  },
  'docker.io/apache/kafka': {
    has: ['bash', 'dirname'],
    more: placeKafka,
    folders: [{ path: '/var/lib/kafka/data', uid: 1000 }],
  },
};

/** Repository, with Docker's own registry where none is named, and tag; without a digest: what is made here has another. */
function nameOf(image: string): { readonly repository: string; readonly tag: string } {
  const [name = ''] = image.split('@');
  const at = name.lastIndexOf(':');
  const repository = name.slice(0, at);
  const hasRegistry = /^[^/]+\.[^/]+\//.test(repository);
  return { repository: hasRegistry ? repository : `docker.io/${repository}`, tag: name.slice(at + 1) };
}

/** Whether something here can stand for a published image. */
export const canStandIn = (image: string): boolean => Object.hasOwn(standIns, nameOf(image).repository);

/** Makes an image that stands for a published one, under its name. */
export async function makeStandIn(api: DockerApi, image: string): Promise<void> {
  const { repository, tag } = nameOf(image);
  const standIn = standIns[repository];
  if (!standIn) throw new Error(`nothing here stands for ${image}`);
  await withRoot(async (root) => {
    const { tools = {}, has = [], folders = [], entrypoint, more } = standIn;
    for (const [tool, path] of Object.entries(tools)) place(root, await toolPath(tool as ToolName), path);
    for (const program of has) await placeWithLibraries(root, program, `/bin/${program}`);
    for (const { path, uid } of folders) owned(root, path, uid);
    const instructions = (await more?.(root)) ?? [];
    const start = entrypoint === undefined ? [] : [`ENTRYPOINT ["${entrypoint}"]`];
    await importRoot(api, { repository, tag }, root, [...instructions, ...start]);
  });
}

/**
 * Makes the images of this repository as their Dockerfile says, but of this machine's Node and packages. What they copy
 * goes into one layer, for most of it is the same; the tests of each image's own files are in test/binaries.
 */
export async function makeOwn(api: DockerApi, tags: readonly string[]): Promise<void> {
  const [first = '', ...others] = tags;
  await withRoot(async (root) => {
    await placeWithLibraries(root, process.execPath, '/usr/local/bin/node');
    placeGlibc(root);
    const packages = installedPackages().filter((path) => existsSync(join(repositoryRoot, path)));
    for (const path of [...builtImages.flatMap(copiedFiles), ...packages])
      cpSync(join(repositoryRoot, path), join(root, 'app', path), { recursive: true });
    const all = builtImages.map(imageInstructions);
    for (const folder of all
      .flat()
      .flatMap((line) => /^RUN mkdir (.+?) &&/.exec(line)?.[1]?.split(' ') ?? []))
      owned(root, folder, 1000);
    const [kept = []] = all.map((image) =>
      image.filter((line) => /^(ENV|WORKDIR|USER|ENTRYPOINT) /.test(line)),
    );
    await importRoot(api, nameOf(first), root, [usualPath, ...kept]);
  });
  for (const tag of others) {
    const { repository, tag: version } = nameOf(tag);
    await api.tagImage(first, repository, version);
  }
}

/** Kafka's jars with the script that starts them, and this machine's Java, where the published image has them. */
async function placeKafka(root: string): Promise<readonly string[]> {
  const jars = dirname(dirname(await toolPath('kafka')));
  cpSync(jars, join(root, 'opt/kafka'), { recursive: true });
  // Its own shell, for the first line of that script.
  await placeWithLibraries(root, 'bash', '/bin/sh');
  const java = realpathSync(await onPath('java'));
  const [from, to] = [dirname(dirname(java)), '/opt/java/openjdk'];
  await placeWithLibraries(root, java, `${to}/bin/java`);
  cpSync(join(from, 'lib'), join(root, to, 'lib'), { recursive: true, verbatimSymlinks: true });
  // With what links lead to: Debian keeps Java's settings elsewhere, and cpSync follows none below the first.
  execFileSync('cp', ['-RL', join(from, 'conf'), join(root, to)]);
  for (const library of globSync('lib/**/*.so', { cwd: from })) placeLibraries(root, join(from, library));
  return [`ENV JAVA_HOME=${to}`, usualPath];
}

async function withRoot(work: (root: string) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(workFolder(), 'sightline-image-'));
  try {
    owned(root, '/tmp', 0);
    mkdirSync(join(root, 'etc'));
    writeFileSync(
      join(root, 'etc/passwd'),
      'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n',
    );
    await work(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function place(root: string, source: string, path: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  copyFileSync(source, join(root, path));
}

function owned(root: string, path: string, uid: number): void {
  mkdirSync(join(root, path), { recursive: true });
  chownSync(join(root, path), uid, uid);
}

async function onPath(program: string): Promise<string> {
  const found = program.startsWith('/') ? program : await executableOnPath(program, process.env);
  if (found === undefined) throw new Error(`${program} is not on PATH`);
  return found;
}

/** A program with the libraries that it loads. */
async function placeWithLibraries(root: string, program: string, path: string): Promise<void> {
  const source = await onPath(program);
  place(root, source, path);
  placeLibraries(root, source);
}

/** What a file loads, but for what lies beside it. */
function placeLibraries(root: string, source: string): void {
  const needs = execFileSync('ldd', [source], { encoding: 'utf8' });
  for (const [library] of needs.matchAll(/\/\S+(?= \(0x)/g))
    if (dirname(library) !== dirname(source)) place(root, library, library);
}

/** The parts of glibc that addons of packages load and Node itself does not: the base image has all of them. */
function placeGlibc(root: string): void {
  const needs = execFileSync('ldd', [process.execPath], { encoding: 'utf8' });
  const folder = /(\/\S+)\/libc\.so\.6(?= \(0x)/.exec(needs)?.[1];
  if (folder === undefined) return;
  for (const part of globSync('{librt,libresolv,libutil,libanl}.so.*', { cwd: folder }))
    place(root, join(folder, part), join(folder, part));
}

/** One layer of everything below `root`, and the instructions that come after it. */
async function importRoot(
  api: DockerApi,
  { repository, tag }: ReturnType<typeof nameOf>,
  root: string,
  changes: readonly string[],
): Promise<void> {
  const packer = spawn('tar', ['-C', root, '-cf', '-', ...globSync('*', { cwd: root })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await api.importImage(repository, tag, packer.stdout, changes);
}
