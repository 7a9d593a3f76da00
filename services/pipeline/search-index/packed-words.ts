import { crc32 } from 'node:zlib';

const bytesEach = 4;

export interface Packed {
  readonly words: Uint8Array;
  readonly checksum: number;
}

/** Sorted numbers as bytes, the lowest first. */
export function packed(sorted: Uint32Array): Packed {
  const words = new Uint8Array(sorted.length * bytesEach);
  const view = new DataView(words.buffer);
  sorted.forEach((word, index) => {
    view.setUint32(index * bytesEach, word, true);
  });
  return { words, checksum: crc32(words) };
}

/** Undefined where the bytes are not what was written. */
export function unpacked({ words, checksum }: Packed): Uint32Array | undefined {
  if (words.byteLength % bytesEach !== 0 || crc32(words) !== checksum) return undefined;
  const view = new DataView(words.buffer, words.byteOffset, words.byteLength);
  return Uint32Array.from({ length: words.byteLength / bytesEach }, (_, index) =>
    view.getUint32(index * bytesEach, true),
  );
}

/** Whether the word is among them; true of what is damaged. */
export function mayHave({ words, checksum }: Packed, word: number): boolean {
  if (words.byteLength % bytesEach !== 0 || crc32(words) !== checksum) return true;
  const view = new DataView(words.buffer, words.byteOffset, words.byteLength);
  let [low, high] = [0, words.byteLength / bytesEach - 1];
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = view.getUint32(middle * bytesEach, true);
    if (found === word) return true;
    if (found < word) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
