import { once } from 'node:events';
import { connect } from 'node:net';

/** Metadata, version 1: the oldest that every Kafka since 0.10 answers and that tells "no topics" from "all". */
const metadataRequest = Buffer.from([
  ...[0, 0, 0, 14], // length of what follows
  ...[0, 3, 0, 1], // key of the call, version
  ...[0, 0, 0, 7], // correlation id
  ...[0xff, 0xff], // no client id
  ...[0, 0, 0, 0], // no topics
]);

/**
 * Asks a broker who is in the cluster. While a broker that has just started is not let in yet it is not in its own
 * answer: then it takes neither reads nor writes.
 * @throws Error when nobody answers within `timeoutMs` milliseconds, or no broker is in the answer
 */
export async function probeKafka(host: string, port: number, timeoutMs: number): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  const socket = connect({ host, port });
  let answer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    answer = Buffer.concat([answer, chunk]);
  });
  // Whoever waits hears of it too; nobody may be waiting any more.
  socket.on('error', () => undefined);
  try {
    await once(socket, 'connect', { signal });
    socket.write(metadataRequest);
    // Length, correlation id, number of brokers: four bytes each.
    while (answer.length < 12) await once(socket, 'data', { signal });
    if (answer.readInt32BE(8) === 0) throw new Error('the broker is not part of its cluster yet');
  } finally {
    socket.destroy();
  }
}
