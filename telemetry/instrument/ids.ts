import { randomFillSync } from 'node:crypto';

/** Filled again and again: a new buffer each time would cost half as much again as its content. */
const entropy = Buffer.alloc(16 * 1024);
let pool = '';
let position = 0;

/** `length` random hex digits; the entropy is drawn 16 KiB at a time because the call is what costs. */
function randomHex(length: 16 | 32): string {
  if (position + length > pool.length) {
    pool = randomFillSync(entropy).toString('hex');
    position = 0;
  }
  const id = pool.slice(position, position + length);
  position += length;
  return id;
}

const zeroTraceId = '0'.repeat(32);
const zeroSpanId = '0'.repeat(16);

/** A W3C trace id: 32 hex digits, not all zero. */
export function newTraceId(): string {
  const id = randomHex(32);
  return id === zeroTraceId ? newTraceId() : id;
}

/** A W3C span id: 16 hex digits, not all zero. */
export function newSpanId(): string {
  const id = randomHex(16);
  return id === zeroSpanId ? newSpanId() : id;
}

/** 32 random hex digits. */
export function newRequestId(): string {
  return randomHex(32);
}
