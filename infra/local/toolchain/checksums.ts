/**
 * The SHA-256 of one file in a published checksum file, lower case, or undefined where it is not listed.
 * Understands `<digest>  <name>`, `<digest> *<name>` (binary mode), names with a leading `./`, the BSD form
 * `SHA256 (<name>) = <digest>`, and a file that holds nothing but one digest, as Grafana publishes it.
 */
export function checksumFor(fileName: string, checksumFile: string): string | undefined {
  const lines = checksumFile
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  for (const line of lines) {
    const gnu = /^([0-9a-f]{64})\s+\*?(?:\.\/)?(\S+)$/i.exec(line);
    if (gnu?.[2] === fileName) return gnu[1]?.toLowerCase();
    const bsd = /^SHA256 \((?:\.\/)?(\S+)\) = ([0-9a-f]{64})$/i.exec(line);
    if (bsd?.[1] === fileName) return bsd[2]?.toLowerCase();
  }
  const only = lines.length === 1 ? lines[0] : undefined;
  return only !== undefined && /^[0-9a-f]{64}$/i.test(only) ? only.toLowerCase() : undefined;
}
