import { createHash, randomUUID } from 'node:crypto';

/**
 * Ids of the entries of one request: UUIDs of version 8, of which the last 24 bits count. With a seed they
 * are the same at each try of one request, so that what is stored twice can be told.
 */
export function entryIds(seed?: string): (index: number) => string {
  const start = seed === undefined ? randomStart() : seededStart(seed);
  return (index) => start + index.toString(16).padStart(6, '0');
}

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
