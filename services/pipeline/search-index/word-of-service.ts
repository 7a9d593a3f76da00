import { partBits } from './index-file.ts';

const lowBits = 32 - partBits;
const low = 2 ** lowBits - 1;

/** Knuth's multiplicative hash: the prime next to 2^32 / phi. */
const multiplier = 0x9e3779b1;

/**
 * The number of a word in the lines of one service: a search learns of it in which services' lines the word may be. It
 * is in the word's own part.
 * @param service the number of its name
 */
export function wordOfService(word: number, service: number): number {
  const mixed = Math.imul((word ^ service) >>> 0, multiplier) ^ (word >>> 15);
  return ((word & ~low) | (mixed & low)) >>> 0;
}
