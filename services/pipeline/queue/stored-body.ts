import { compressSync } from 'snappy';
import { giveBack } from '../../kit/memory.ts';
import { snappyLength, uncompressed } from '../../kit/snappy.ts';

/** How a compressed body begins, which no other does. */
const mark = Buffer.from([0]);
/** A smaller one is stored as it is. */
const leastBytes = 1024;
/** Of a body that comes out: more than the gateway holds of all bodies. */
const mostBytes = 256 * 1024 * 1024;

/** The body of a batch as the queue keeps it: compressed, where that makes it smaller. */
export function storedBody(body: Uint8Array): Uint8Array {
  if (body.byteLength < leastBytes) return body;
  const block = compressSync(Buffer.from(body.buffer, body.byteOffset, body.byteLength), {
    // The library's own memory is freed only when all garbage is collected.
    copyOutputData: true,
  });
  const stored = block.length + mark.length < body.byteLength ? Buffer.concat([mark, block]) : body;
  giveBack(block);
  return stored;
}

/** With its body as the queue keeps it. Where that is another, the memory of the one it had is given back. */
export const storedBatch = <T extends WithBody>(batch: T): T => withBody(batch, storedBody(batch.body));

/** The reverse. @throws Error as `openedBody` does */
export const openedBatch = <T extends WithBody>(batch: T): T => withBody(batch, openedBody(batch.body));

interface WithBody {
  readonly body: Uint8Array;
}

function withBody<T extends WithBody>(batch: T, body: Uint8Array): T {
  if (body !== batch.body) giveBack(batch.body);
  return { ...batch, body };
}

/** @throws Error when it is compressed and not whole, or too large, which its checksum rules out for one of the gateway */
export function openedBody(stored: Uint8Array): Uint8Array {
  if (!isCompressed(stored)) return stored;
  if (openedLength(stored) > mostBytes) throw new RangeError(`it would have more than ${mostBytes} bytes`);
  return uncompressed(stored.subarray(mark.length));
}

/** Of the body when it is opened. */
export const openedLength = (stored: Uint8Array): number =>
  isCompressed(stored) ? snappyLength(stored.subarray(mark.length)) : stored.byteLength;

const isCompressed = (stored: Uint8Array): boolean => stored[0] === mark[0];
