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
