import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SightlineError } from '../../../telemetry/errors.ts';
import { checksumFor } from './checksums.ts';
import { DownloadFailure } from './download.ts';
import { type FoundTool, type Miss, megabytes, type Report } from './progress.ts';
import type { Recipe, Release } from './recipe.ts';
import { platformOf } from './recipes.ts';
import { unpackRelease } from './unpack.ts';
import { installWith, type Workshop } from './workshop.ts';

const maxChecksumBytes = 1_000_000;
/** Grafana's archive, the largest, has about 250 MB. */
const maxArchiveBytes = 800_000_000;
const networkFix = 'connect to the network, or set SIGHTLINE_RELEASES_URL to a mirror of the releases';

/**
 * The official release for this machine, verified against the checksum file published with it. A release that
 * cannot be reached, or cannot be verified because no checksum is published, is a miss. With SIGHTLINE_RELEASES_URL
 * set, the same paths are taken from that base instead of github.com and dl.grafana.com.
 * @throws {SightlineError} SL1202 when the checksum differs: that may be tampering, so nothing else is tried in its
 *   place; SL1208 for an archive that cannot be unpacked; SL1203 when the binary does not run.
 */
export async function fromRelease(
  workshop: Workshop,
  recipe: Recipe,
  report: Report,
): Promise<FoundTool | Miss> {
  const platform = platformOf(process.platform, process.arch);
  if (platform === undefined) {
    return { missed: `no release is published for ${process.platform} on ${process.arch}` };
  }
  const release = recipe.release(platform);
  if (release === undefined) {
    return { missed: `no release of ${recipe.tool} is published for ${platform.os} on ${platform.arch}` };
  }
  const base = (workshop.env.SIGHTLINE_RELEASES_URL || release.base).replace(/\/+$/, '');
  if (!URL.canParse(base)) {
    return {
      missed: `SIGHTLINE_RELEASES_URL is no URL (${JSON.stringify(base)})`,
      fix: 'correct or unset SIGHTLINE_RELEASES_URL',
    };
  }
  const url = `${base}${release.archivePath}`;
  try {
    report('downloading', 'the published checksums');
    const checksumUrl = `${base}${release.checksumPath}`;
    const checksums = await workshop.downloader.text(checksumUrl, maxChecksumBytes);
    const expected = checksumFor(basename(release.archivePath), checksums);
    if (expected === undefined) {
      return { missed: `${checksumUrl} has no checksum of ${basename(release.archivePath)}` };
    }
    return await installWith(workshop, recipe, 'release', report, async (directory) => {
      const archive = join(directory, 'archive');
      await downloadVerified(workshop, { url, expected, checksumUrl }, archive, report);
      report('unpacking', basename(release.archivePath));
      const binary = await unpackInto(archive, release, directory);
      return { binary, origin: url };
    });
  } catch (error) {
    if (error instanceof DownloadFailure) return { missed: error.message, fix: networkFix };
    throw error;
  }
}

async function unpackInto(archive: string, release: Release, directory: string): Promise<string> {
  const binary = await unpackRelease(archive, release, directory);
  await rm(archive);
  return binary;
}

async function downloadVerified(
  workshop: Workshop,
  from: { readonly url: string; readonly expected: string; readonly checksumUrl: string },
  path: string,
  report: Report,
): Promise<void> {
  const { sha256, bytes } = await workshop.downloader.toFile(
    from.url,
    path,
    maxArchiveBytes,
    (received, total) => {
      const of = total === undefined ? '' : ` of ${megabytes(total)}`;
      report('downloading', `${megabytes(received)}${of} MB`);
    },
  );
  report('verifying', `SHA-256 of ${megabytes(bytes)} MB`);
  if (sha256 === from.expected) return;
  throw new SightlineError('SL1202', {
    what: `The download has SHA-256 ${sha256}, but ${from.expected} was published; it was deleted`,
    where: from.url,
    fix: `try again; when it stays so, a proxy or mirror changes the file or it was tampered with: compare with ${from.checksumUrl}, or put the tool on PATH by hand`,
  });
}
