import { writeSync } from 'node:fs';
import { z } from 'zod';
import { batchOf } from '../batch.ts';
import { openEmbeddedQueue } from './embedded-queue.ts';

/** Run under a trace of system calls: appends one batch after another and says on standard output which is acknowledged. */
const [directory, synchronous, count] = z
  .tuple([z.string(), z.enum(['FULL', 'OFF']), z.coerce.number()])
  .parse(process.argv.slice(2));

const queue = await openEmbeddedQueue({ directory, maxBytes: 1e9, minFreeBytes: 0, synchronous });
const ns = '1700000000000000000';
for (let index = 0; index < count; index += 1) {
  const entry = {
    id: `id-${index}`,
    timestamp_ns: ns,
    event_ns: ns,
    level: 'INFO',
    message: `batch ${index}`,
    service: 'shop',
  } as const;
  await queue.append(batchOf('acme', [entry]));
  writeSync(1, `acknowledged ${index}\n`);
}
await queue.close();
