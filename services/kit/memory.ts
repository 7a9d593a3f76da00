/** The bytes in memory that nothing else is in, so that it can be handed to another thread; copied where they are not. */
export function inMemoryOfItsOwn(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(bytes);
}

/** A smaller piece costs less than the call. */
const leastGivenBack = 4096;

/**
 * Gives memory back now that nobody reads any more; the bytes are empty after it. V8 counts what is outside of its heap,
 * and else marks the whole heap again and again to find it (docs/decisions/0025). Memory that others share stays.
 */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  if (isWhole && byteLength >= leastGivenBack) buffer.transfer(0);
}
