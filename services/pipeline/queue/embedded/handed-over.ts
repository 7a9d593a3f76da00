import { giveBack, inMemoryOfItsOwn } from '../../../kit/memory.ts';
import type { LogBatch } from '../log-queue.ts';

/** Bytes of a body that is copied: that costs less than the memory of one more being handed over. */
const copiedBytes = 16 * 1024;

/** Batches for another thread, and the memory that goes there with them: one piece for all small bodies. */
export function handedOver(batches: readonly LogBatch[]): {
  readonly batches: readonly LogBatch[];
  readonly memory: ArrayBuffer[];
} {
  const small = batches.filter(({ body }) => body.byteLength <= copiedBytes);
  const shared = new Uint8Array(small.reduce((sum, { body }) => sum + body.byteLength, 0));
  const memory = [shared.buffer];
  let end = 0;
  const handed = batches.map((batch): LogBatch => {
    const { body: given } = batch;
    if (given.byteLength > copiedBytes) {
      const body = inMemoryOfItsOwn(given);
      memory.push(body.buffer);
      return { ...batch, body };
    }
    const body = shared.subarray(end, end + given.byteLength);
    body.set(given);
    end += body.byteLength;
    giveBack(given);
    return { ...batch, body };
  });
  return { batches: handed, memory };
}
