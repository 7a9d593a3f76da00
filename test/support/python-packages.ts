import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheRoot } from '../../infra/local/toolchain/cache.ts';
import { runCommand } from '../../infra/local/toolchain/run-command.ts';

/** Longest that pip may take, in milliseconds: 60 MB in some thirty packages. */
const pipTimeoutMs = 600_000;

export interface PythonPackage {
  readonly name: string;
  readonly version: string;
  /** Its optional parts that are wanted, too. */
  readonly extras?: readonly string[];
}

/**
 * Where a package of PyPI and what it needs are, for PYTHONPATH, or why they cannot be had. They are got once a machine,
 * into the cache of tools.
 */
export async function pythonPackages(
  wanted: PythonPackage,
): Promise<{ readonly path: string } | { readonly missing: string }> {
  const { name, version, extras = [] } = wanted;
  const python = await runCommand('python3', ['-c', 'import sys; print(*sys.version_info[:2], sep=".")'], {
    timeoutMs: 60_000,
  });
  if (python.exitCode !== 0) return { missing: `python3 does not run: ${python.output.trim()}` };
  const root = join(dirname(cacheRoot(process.env)), 'python');
  const path = join(root, `${name}-${version}-python${python.output.trim()}`);
  if (await isThere(path)) return { path };
  await mkdir(root, { recursive: true });
  const temporary = await mkdtemp(join(root, 'installing-'));
  try {
    const requirement = `${name}${extras.length > 0 ? `[${extras.join(',')}]` : ''}==${version}`;
    const { exitCode, output } = await runCommand(
      'python3',
      ['-m', 'pip', 'install', '--quiet', '--target', temporary, requirement],
      { timeoutMs: pipTimeoutMs },
    );
    if (exitCode !== 0) return { missing: `pip cannot install ${name}: ${output.trim().slice(-500)}` };
    // Another run may have been quicker; what it put there is the same.
    await rename(temporary, path).catch(async (error: unknown) => {
      if (!(await isThere(path))) throw error;
    });
    return { path };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
