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
export function unpacked(row: Packed): Uint32Array | undefined {
  if (!isWhole(row)) return undefined;
  const { words } = row;
  const view = new DataView(words.buffer, words.byteOffset, words.byteLength);
  return Uint32Array.from({ length: words.byteLength / bytesEach }, (_, index) =>
    view.getUint32(index * bytesEach, true),
  );
}

/** Tells whether a word is among them; every word is among what is damaged. */
export function membership(row: Packed): (word: number) => boolean {
  if (!isWhole(row)) return () => true;
  const { words } = row;
  const view = new DataView(words.buffer, words.byteOffset, words.byteLength);
  return (word) => {
    let [low, high] = [0, words.byteLength / bytesEach - 1];
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = view.getUint32(middle * bytesEach, true);
      if (found === word) return true;
      if (found < word) low = middle + 1;
      else high = middle - 1;
    }
    return false;
  };
}

const isWhole = ({ words, checksum }: Packed): boolean =>
  words.byteLength % bytesEach === 0 && crc32(words) === checksum;

/** @throws TypeError where the row is of another form */
export function packedOf({ checksum, words }: Readonly<Record<string, unknown>>): Packed {
  if (typeof checksum === 'number' && words instanceof Uint8Array) return { checksum, words };
  throw new TypeError('a row of the search index has another form');
}
