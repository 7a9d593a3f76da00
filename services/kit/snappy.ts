import { uncompressSync } from 'snappy';

/** @throws Error when it is no block of snappy. What may come from anywhere is to be looked at by `snappyLength` before. */
export function uncompressed(block: Uint8Array): Buffer {
  const bytes = uncompressSync(Buffer.from(block.buffer, block.byteOffset, block.byteLength), {
    // The library's own memory is freed only when all garbage is collected.
    copyOutputData: true,
  });
  return typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
}

/** Bytes that come out of a block of snappy, with which it begins: so that nothing too large is ever made. */
export function snappyLength(block: Uint8Array): number {
  let [length, place] = [0, 1];
  for (const byte of block.subarray(0, 5)) {
    length += (byte & 0x7f) * place;
    if (byte < 0x80) break;
    place *= 0x80;
  }
  return length;
}
