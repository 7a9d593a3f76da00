import { crc32 } from 'node:zlib';
import { wordOfService } from './word-of-service.ts';
import { numberOf } from './words.ts';

export const bytesOfWord = 4;

export interface Packed {
  /** Names, as a JSON array. */
  readonly services: string;
  /** Numbers of words of those services. */
  readonly words: Uint8Array;
  readonly checksum: number;
}

/** Sorted numbers as bytes, the lowest first. */
export function packed(sorted: Uint32Array, names: Iterable<string>): Packed {
  const words = new Uint8Array(sorted.length * bytesOfWord);
  const view = new DataView(words.buffer);
  sorted.forEach((word, index) => {
    view.setUint32(index * bytesOfWord, word, true);
  });
  const services = JSON.stringify([...names].sort());
  return { services, words, checksum: checksumOf({ services, words }) };
}

export interface Unpacked {
  readonly services: readonly string[];
  readonly words: Uint32Array;
}

/** Undefined where the row is not what was written. */
export function unpacked(row: Packed): Unpacked | undefined {
  if (!isWhole(row)) return undefined;
  const { words } = row;
  const view = new DataView(words.buffer, words.byteOffset, words.byteLength);
  return {
    services: namesOf(row.services),
    words: Uint32Array.from({ length: words.byteLength / bytesOfWord }, (_, index) =>
      view.getUint32(index * bytesOfWord, true),
    ),
  };
}

/** Tells in which services' lines a word may be: undefined is in any, as every word is in what is damaged. */
export function servicesWith(row: Packed): (word: number) => readonly string[] | undefined {
  if (!isWhole(row)) return () => undefined;
  const { words } = row;
  const view = new DataView(words.buffer, words.byteOffset, words.byteLength);
  const has = (looked: number): boolean => {
    let [low, high] = [0, words.byteLength / bytesOfWord - 1];
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = view.getUint32(middle * bytesOfWord, true);
      if (found === looked) return true;
      if (found < looked) low = middle + 1;
      else high = middle - 1;
    }
    return false;
  };
  const services = namesOf(row.services).map((name) => ({ name, number: numberOf(name) }));
  return (word) => services.filter(({ number }) => has(wordOfService(word, number))).map(({ name }) => name);
}

const isWhole = (row: Packed): boolean =>
  row.words.byteLength % bytesOfWord === 0 && checksumOf(row) === row.checksum;

const checksumOf = ({ services, words }: Pick<Packed, 'services' | 'words'>): number =>
  crc32(words, crc32(services));

/** @throws TypeError where it is no list of names, which no row with the right checksum has */
function namesOf(services: string): readonly string[] {
  const names: unknown = JSON.parse(services);
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  throw new TypeError('services of the search index are no list of names');
}

/** @throws TypeError where the row is of another form */
export function packedOf({ checksum, services, words }: Readonly<Record<string, unknown>>): Packed {
  if (typeof checksum === 'number' && typeof services === 'string' && words instanceof Uint8Array)
    return { checksum, services, words };
  throw new TypeError('a row of the search index has another form');
}
