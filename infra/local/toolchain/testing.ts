import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { create } from 'tar';
import { onTestFinished } from 'vitest';
import { productVersions, type ToolName } from '../../versions.ts';
import type { Release } from './recipe.ts';
import { platformOf, recipes } from './recipes.ts';
import { findTools, type ToolProgress } from './toolchain.ts';

/** A directory that is gone when the test is over. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sightline-toolchain-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** An executable shell script; its `--version` is what a test wants a tool to say. */
export async function writeScript(path: string, body: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

export interface Sandbox {
  readonly directory: string;
  /** The only directory on PATH; empty until a test puts a script there. */
  readonly bin: string;
  readonly cache: string;
  readonly env: NodeJS.ProcessEnv;
}

/** An environment in which nothing of the machine is found: no tools, no Go, no apt, an empty cache. */
export async function sandbox(releasesUrl = 'http://127.0.0.1:2'): Promise<Sandbox> {
  const directory = await temporaryDirectory();
  const bin = join(directory, 'bin');
  await mkdir(bin);
  const env = {
    PATH: bin,
    HOME: directory,
    XDG_CACHE_HOME: join(directory, 'cache'),
    SIGHTLINE_RELEASES_URL: releasesUrl,
  };
  return { directory, bin, cache: join(directory, 'cache', 'sightline', 'tools'), env };
}

/** The release of a tool for this machine. */
export function releaseOf(tool: ToolName): Release {
  const platform = platformOf(process.platform, process.arch);
  if (platform === undefined) throw new Error('these tests need a platform that releases are published for');
  const release = recipes[tool].release(platform);
  if (release === undefined) throw new Error(`no release of ${tool} is published`);
  return release;
}

export interface ReleaseServer {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly requests: readonly string[];
  /** Replaces what a path answers with. */
  serve(path: string, answer: Buffer | string | ((response: ServerResponse) => void)): void;
}

/** A real HTTP server on a free port that stands in for github.com and dl.grafana.com. */
export async function releaseServer(): Promise<ReleaseServer> {
  const answers = new Map<string, Buffer | string | ((response: ServerResponse) => void)>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    const answer = answers.get(path);
    if (answer === undefined) response.writeHead(404).end();
    else if (typeof answer === 'function') answer(response);
    else response.writeHead(200, { 'content-length': Buffer.byteLength(answer) }).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    serve: (path, answer) => void answers.set(path, answer),
  };
}

/** A tar.gz of these files, by path; made with the real tar. */
export async function tarOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const directory = await temporaryDirectory();
  const tops = new Set<string>();
  for (const [path, content] of Object.entries(files)) {
    await writeScript(join(directory, 'tree', path), content);
    tops.add(path.split('/')[0] ?? path);
  }
  const file = join(directory, 'out.tar.gz');
  await create({ gzip: true, file, cwd: join(directory, 'tree') }, [...tops]);
  return readFile(file);
}

export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(files).map(
    ([path, body]) => [path, Buffer.from(`#!/bin/sh\n${body}\n`)] as const,
  );
  return Buffer.from(zipSync(Object.fromEntries(entries)));
}

export function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Serves an archive as the release of a tool, with its true checksum unless another is given. */
export function serveRelease(
  server: ReleaseServer,
  tool: ToolName,
  archive: Buffer,
  checksum = sha256(archive),
): void {
  const release = releaseOf(tool);
  const name = release.archivePath.split('/').at(-1);
  server.serve(release.archivePath, archive);
  server.serve(release.checksumPath, `${'0'.repeat(64)}  another-file.tar.gz\n${checksum}  ${name}\n`);
}

/** Whether a process still does anything. */
export async function isRunning(pid: number): Promise<boolean> {
  // A killed process whose parent has not collected it yet is a zombie: it does not run.
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (status !== undefined) return status.split(') ')[1]?.[0] !== 'Z';
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux';
  } catch {
    return false;
  }
}

/** The body of a script that reports a version as the Prometheus family does. */
export const says = (tool: string, version: string) => `echo "${tool}, version ${version} (branch: HEAD)"`;

/** Gets one tool and gives the promise, with all progress that is made meanwhile. */
export function get(tool: ToolName, box: Sandbox, signal?: AbortSignal) {
  const progress: ToolProgress[] = [];
  const found = findTools([tool], {
    env: box.env,
    onProgress: (now) => progress.push(now),
    ...(signal === undefined ? {} : { signal }),
  }).get(tool);
  if (found === undefined) throw new Error(`findTools gave nothing for ${tool}`);
  return { found, progress };
}

/** What is left in the cache's directory that is not a finished tool. */
export async function leftovers(box: Sandbox): Promise<string[]> {
  return (await readdir(box.cache)).filter((name) => /^(tmp|probe)-|\.lock$/.test(name));
}

/** A release archive of Loki: its binary is this script. */
export function lokiRelease(body = says('loki', productVersions.loki.version)): Buffer {
  return zipOf({ [releaseOf('loki').entry]: body, LICENSE: 'not wanted' });
}
