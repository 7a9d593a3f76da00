import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { executableOnPath } from './path-lookup.ts';
import type { FoundTool, Miss, Report } from './progress.ts';
import type { Recipe } from './recipe.ts';
import { runCommand } from './run-command.ts';
import { installWith, type Workshop } from './workshop.ts';

const aptTimeoutMs = 120_000;

/**
 * The binary out of Debian's package, which apt downloads and verifies. The package is unpacked, not installed:
 * that needs no root, changes nothing on the machine and starts no service.
 */
export async function fromDebianPackage(
  workshop: Workshop,
  recipe: Recipe,
  report: Report,
): Promise<FoundTool | Miss> {
  const wanted = recipe.debianPackage;
  if (wanted === undefined) return { missed: 'there is no Debian package to take it from' };
  const [apt, dpkg] = await Promise.all([
    executableOnPath('apt-get', workshop.env),
    executableOnPath('dpkg-deb', workshop.env),
  ]);
  if (apt === undefined || dpkg === undefined) return { missed: 'no apt on this machine' };
  return installWith(workshop, recipe, 'package', report, async (directory) => {
    report('downloading', `Debian's package ${wanted.name}`);
    const options = { cwd: directory, env: workshop.env, timeoutMs: aptTimeoutMs, signal: workshop.signal };
    const limits = ['-o', 'Acquire::http::Timeout=10', '-o', 'Acquire::Retries=1'];
    const download = await runCommand(apt, [...limits, 'download', wanted.name], options);
    workshop.signal?.throwIfAborted();
    const file = (await readdir(directory)).find((name) => name.endsWith('.deb'));
    if (download.exitCode !== 0 || file === undefined) {
      const reason = /^E: .*$/m.exec(download.output)?.[0] ?? 'apt-get download failed';
      return { missed: `Debian's package ${wanted.name}: ${reason}`, fix: 'run apt-get update as root' };
    }
    report('unpacking', file);
    const unpacked = await runCommand(dpkg, ['-x', file, 'unpacked'], options);
    if (unpacked.exitCode !== 0) return { missed: `${file} cannot be unpacked: ${unpacked.output.trim()}` };
    await rename(join(directory, 'unpacked', wanted.binary), join(directory, recipe.tool));
    await rm(join(directory, 'unpacked'), { recursive: true });
    await rm(join(directory, file));
    return { binary: recipe.tool, origin: file };
  });
}
