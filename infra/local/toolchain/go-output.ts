import { compareVersions } from './version-match.ts';

/** The oldest Go that a go.mod accepts: its `go` line. */
export function goDirective(goMod: string): string | undefined {
  return /^go (\d+\.\d+(?:\.\d+)?)$/m.exec(goMod)?.[1];
}

/**
 * Whether the Go on this machine can build a module. `goEnv` is what `go env GOVERSION GOTOOLCHAIN` prints. An older
 * Go can when it is allowed to fetch a newer one by itself (GOTOOLCHAIN is not `local`; before 1.21 there is none).
 */
export function goIsTooOld(
  goEnv: string,
  needed: string,
): { readonly version: string; readonly tooOld: boolean } {
  const [versionLine, toolchain] = goEnv.trim().split('\n');
  const version = versionLine?.trim().replace(/^go/, '') ?? '';
  const older = compareVersions(version, needed) < 0;
  const canFetchNewer = toolchain !== undefined && toolchain.trim() !== '' && !toolchain.startsWith('local');
  return { version, tooOld: older && !canFetchNewer };
}

/** `go: downloading <module> <version>` as Go prints it on standard error. */
export function isModuleDownload(line: string): boolean {
  return line.startsWith('go: downloading ');
}

/** An import path on a line of its own, as `go list` and `go build -v` print them. */
export function isPackageLine(line: string): boolean {
  return line !== '' && !/[\s:#]/.test(line);
}

/** Why Go failed, in one line: that it has no network where that is why, else the last thing it said. */
export function goFailure(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !isPackageLine(line) && !isModuleDownload(line));
  const network = lines.find((line) => networkTrouble.test(line));
  if (network !== undefined) {
    return `Go's modules could not be downloaded (${networkTrouble.exec(network)?.[0]})`;
  }
  return (lines.at(-1) ?? 'Go ended without saying why').slice(0, 300);
}

const networkTrouble =
  /no such host|connection refused|i\/o timeout|network is unreachable|TLS handshake timeout|module lookup disabled by GOPROXY=off|server misbehaving|connection reset/;
