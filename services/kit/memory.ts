/** The bytes in memory that nothing else is in, so that it can be handed to another thread; copied where they are not. */
export function inMemoryOfItsOwn(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const memory = ownMemoryOf(bytes);
  return memory === undefined ? new Uint8Array(bytes) : new Uint8Array(memory);
}

/** A smaller piece costs less than the call. */
const leastGivenBack = 4096;

/**
 * Gives memory back now that nobody reads any more; the bytes are empty after it. V8 counts what is outside of its heap,
 * and else marks the whole heap again and again to find it (docs/decisions/0025). Memory that others share stays.
 */
export function giveBack(bytes: Uint8Array): void {
  if (bytes.byteLength >= leastGivenBack) ownMemoryOf(bytes)?.transfer(0);
}

/** The memory that has these bytes and no others. */
function ownMemoryOf({ buffer, byteLength }: Uint8Array): ArrayBuffer | undefined {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? buffer : undefined;
}
