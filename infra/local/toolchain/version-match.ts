import type { ProductVersion } from '../../versions.ts';

type Triple = readonly [major: number, minor: number, patch: number];

function parseTriple(version: string): Triple | undefined {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
  if (match === null) return undefined;
  return [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

/**
 * The version in what a tool prints for `--version`: the first `1.2.3` that follows the word "version", with
 * or without a v; what Redis calls `v=`; or all that the first line says, as `1.14.0`, `4.3.1 (Commit:…)` or `Kubernetes v1.36.3`. Undefined where there is
 * none, as in a binary that was built without its version set.
 */
export function versionInOutput(output: string): string | undefined {
  const named = /(?:version[^\d\n]{0,40}?|\bv=)(\d+\.\d+\.\d+)/i.exec(output);
  return (named ?? /^(?:\w+ )?v?(\d+\.\d+\.\d+)\s*(?:\n|\(|$)/.exec(output))?.[1];
}

export function compareVersions(a: string, b: string): number {
  const left = parseTriple(a) ?? [0, 0, 0];
  const right = parseTriple(b) ?? [0, 0, 0];
  for (const index of [0, 1, 2] as const) {
    const difference = left[index] - right[index];
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Whether a version found on the machine can stand in for the pinned one. `same-minor` (loki, promtail, logcli,
 * loki-canary): major and minor must be equal. Otherwise: the same major, and not older than `from`.
 */
export function isCompatible(found: string, wanted: ProductVersion): boolean {
  const foundTriple = parseTriple(found);
  const pinned = parseTriple(wanted.version);
  if (foundTriple === undefined || pinned === undefined || foundTriple[0] !== pinned[0]) return false;
  if (wanted.accepts === 'same-minor') return foundTriple[1] === pinned[1];
  return compareVersions(found, wanted.accepts.from) >= 0;
}

/** The versions that are accepted, in words: `3.6.x`, or `3.15.0 or newer 3.x`. */
export function acceptedRange(wanted: ProductVersion): string {
  const [major, minor] = parseTriple(wanted.version) ?? [0, 0];
  return wanted.accepts === 'same-minor'
    ? `${major}.${minor}.x`
    : `${wanted.accepts.from} or newer ${major}.x`;
}
