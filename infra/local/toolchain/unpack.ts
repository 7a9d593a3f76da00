import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { unzip } from 'fflate';
import { extract } from 'tar';
import { SightlineError } from '../../../telemetry/errors.ts';
import { isDiskTrouble } from './cache.ts';
import type { Release } from './recipe.ts';

/** Loki's binary has 190 MB, Grafana's whole tree 820 MB; far above that is no release but a bomb. */
const maxUnpackedBytes = 2_000_000_000;
const maxZipEntryBytes = 600_000_000;

/**
 * Takes what is wanted out of a release archive and nothing else: the one binary, or for a whole tree all plain
 * files and directories below its top directory. Links are left out, and no path can lead out of `directory`.
 * Gives the binary's path, relative to the directory.
 * @throws {SightlineError} SL1208 when the archive is damaged, too large, or lacks the binary.
 */
export async function unpackRelease(archive: string, release: Release, directory: string): Promise<string> {
  try {
    await mkdir(directory, { recursive: true });
    if (release.archive === 'none') {
      await copyFile(archive, join(directory, release.entry));
      return release.entry;
    }
    return release.archive === 'zip'
      ? await fromZip(archive, release, directory)
      : await fromTar(archive, release, directory);
  } catch (cause) {
    if (cause instanceof SightlineError || isDiskTrouble(cause)) throw cause;
    throw unusable(release, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function unusable(release: Release, reason: string, cause?: unknown): SightlineError {
  return new SightlineError('SL1208', {
    what: `The release archive ${basename(release.archivePath)} cannot be used: ${reason}`,
    where: release.archivePath,
    fix: 'put the tool on PATH by hand, or unset SIGHTLINE_RELEASES_URL when it points at a mirror of your own',
    cause,
  });
}

async function fromTar(archive: string, release: Release, directory: string): Promise<string> {
  let bytes = 0;
  let found = false;
  const wanted = release.wholeTree ? release.entry : basename(release.entry);
  await extract({
    file: archive,
    cwd: directory,
    strip: release.wholeTree ? 1 : release.entry.split('/').length - 1,
    strict: true,
    filter: (path, entry) => {
      const type = 'type' in entry ? entry.type : 'Unsupported';
      if (type !== 'File' && !(release.wholeTree && type === 'Directory')) return false;
      const isWanted = release.wholeTree
        ? path.split('/').slice(1).join('/') === release.entry
        : path === release.entry;
      found ||= isWanted && type === 'File';
      if (!release.wholeTree && !isWanted) return false;
      bytes += entry.size;
      if (bytes > maxUnpackedBytes)
        throw unusable(release, `it unpacks to more than ${maxUnpackedBytes} bytes`);
      return true;
    },
  });
  if (!found) throw unusable(release, `it has no file ${release.entry}`);
  return wanted;
}

async function fromZip(archive: string, release: Release, directory: string): Promise<string> {
  const zipped = await readFile(archive);
  const entries = await new Promise<Record<string, Uint8Array>>((resolve, reject) => {
    unzip(
      zipped,
      { filter: (file) => file.name === release.entry && file.originalSize <= maxZipEntryBytes },
      (error, data) => (error === null ? resolve(data) : reject(error)),
    );
  });
  const content = entries[release.entry];
  if (content === undefined) {
    throw unusable(release, `it has no file ${release.entry} of at most ${maxZipEntryBytes} bytes`);
  }
  const name = basename(release.entry);
  await writeFile(join(directory, name), content);
  return name;
}
