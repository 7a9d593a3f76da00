import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { SightlineError } from '../../../telemetry/errors.ts';
import { makeDirectory } from '../../../telemetry/make-directory.ts';
import type { FoundTool } from './progress.ts';
import type { Recipe } from './recipe.ts';
import { platformOf } from './recipes.ts';

const toolRecord = z.object({
  tool: z.string(),
  version: z.string(),
  source: z.enum(['release', 'build', 'package', 'maven']),
  /** Where it came from: a URL, a Go package, a Debian package, a jar. */
  origin: z.string(),
  /** Of the binary itself, as computed here. */
  sha256: z.string(),
  /** Bytes of the binary; a different size means that the entry is damaged. */
  size: z.number().int().positive(),
  /** Of the binary, relative to the entry's directory. */
  path: z.string(),
  installedAt: z.string(),
});

/** What is written beside each binary as tool.json: how it was had. */
export type ToolRecord = z.infer<typeof toolRecord>;

/** `${XDG_CACHE_HOME:-~/.cache}/sightline/tools`. */
export function cacheRoot(env: NodeJS.ProcessEnv): string {
  const base = env.XDG_CACHE_HOME;
  return join(
    base === undefined || base === '' ? join(env.HOME ?? homedir(), '.cache') : base,
    'sightline',
    'tools',
  );
}

/** The name of a tool's entry: one a version, operating system and architecture. */
export function cacheKey(recipe: Recipe): string {
  const { os, arch } = platformOf(process.platform, process.arch) ?? {
    os: process.platform,
    arch: process.arch,
  };
  return `${recipe.tool}-${recipe.product.version}-${os}-${arch}`;
}

/** @throws {SightlineError} SL1204 when it cannot be made or written to. */
export async function ensureCacheRoot(root: string): Promise<void> {
  try {
    makeDirectory(root);
    const probe = join(root, `probe-${process.pid}-${randomBytes(4).toString('hex')}`);
    await writeFile(probe, '');
    await rm(probe);
  } catch (cause) {
    throw notWritable(root, cause);
  }
}

/** Whether the disk is the trouble (full, read-only, no permission), so that no other way would help. */
export function isDiskTrouble(error: unknown): error is Error {
  const codes = /^(ENOSPC|EDQUOT|EFBIG|EROFS|EACCES|EPERM|EIO)$/;
  return error instanceof Error && 'code' in error && 'syscall' in error && codes.test(`${error.code}`);
}

export function notWritable(path: string, cause: unknown): SightlineError {
  return new SightlineError('SL1204', {
    what: `The cache of tools cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
    where: path,
    fix: 'make the directory writable, free some disk space, or point XDG_CACHE_HOME at another directory',
    cause,
  });
}

/** What the cache has, without running it: the record must be valid and the binary as long as recorded. */
export async function readCache(root: string, recipe: Recipe): Promise<FoundTool | undefined> {
  const directory = join(root, cacheKey(recipe));
  try {
    const record = toolRecord.parse(JSON.parse(await readFile(join(directory, 'tool.json'), 'utf8')));
    const path = join(directory, record.path);
    if ((await stat(path)).size !== record.size) return undefined;
    return { name: recipe.tool, version: record.version, path, source: 'cache' };
  } catch {
    // Absent or damaged is the same to the caller: it will be installed anew.
    return undefined;
  }
}

/** A directory of this process's own in the cache, on the same file system as the entry it will become. */
export async function makeTemporary(root: string, recipe: Recipe): Promise<string> {
  const directory = join(root, `tmp-${recipe.tool}-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    await mkdir(directory);
  } catch (cause) {
    throw notWritable(directory, cause);
  }
  return directory;
}

/** Removes what killed runs left behind: temporary directories older than a day. */
export async function removeLeftovers(root: string): Promise<void> {
  const dayAgo = Date.now() - 24 * 3600 * 1000;
  for (const name of await readdir(root)) {
    if (!name.startsWith('tmp-') && !name.startsWith('probe-')) continue;
    const path = join(root, name);
    const age = await stat(path).catch(() => undefined);
    if (age !== undefined && age.mtimeMs < dayAgo) await rm(path, { recursive: true, force: true });
  }
}

/**
 * Turns a finished temporary directory into the cache's entry, in one rename: other processes see nothing or all.
 * `binary` is relative to the directory.
 */
export async function commitToCache(
  root: string,
  recipe: Recipe,
  had: {
    readonly directory: string;
    readonly binary: string;
    readonly version: string;
    readonly source: ToolRecord['source'];
    readonly origin: string;
  },
): Promise<FoundTool> {
  const entry = join(root, cacheKey(recipe));
  const binary = join(had.directory, had.binary);
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(binary), hash);
    const record: ToolRecord = {
      tool: recipe.tool,
      version: had.version,
      source: had.source,
      origin: had.origin,
      sha256: hash.digest('hex'),
      size: (await stat(binary)).size,
      path: had.binary,
      installedAt: new Date().toISOString(),
    };
    await writeFile(join(had.directory, 'tool.json'), `${JSON.stringify(record, null, 2)}\n`);
    // Only a damaged entry can be in the way here: a good one was found before anything was installed.
    await rm(entry, { recursive: true, force: true });
    await rename(had.directory, entry);
  } catch (cause) {
    throw notWritable(entry, cause);
  }
  return { name: recipe.tool, version: had.version, path: join(entry, had.binary), source: had.source };
}
