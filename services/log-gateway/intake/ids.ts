import { createHash, randomUUID } from 'node:crypto';

/**
 * With which the ids of the entries of one request begin: UUIDs of version 8, of which the last 24 bits count. With a
 * seed they are the same at each try of one request, so that what is stored twice can be told.
 */
export const idsFrom = (seed?: string): string => (seed === undefined ? randomStart() : seededStart(seed));

/** @param start as `idsFrom` gives it @param index of the entry in its request, below 2^24 */
export const idAt = (start: string, index: number): string => start + index.toString(16).padStart(6, '0');

/** A random UUID but for its version and its end: Node draws those in advance, which bytes of one's own are not. */
function randomStart(): string {
  const uuid = randomUUID();
  return `${uuid.slice(0, 14)}8${uuid.slice(15, 30)}`;
}

function seededStart(seed: string): string {
  const bytes = createHash('sha256').update(seed).digest().subarray(0, 13);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
