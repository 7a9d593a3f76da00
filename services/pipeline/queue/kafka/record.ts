import { crc32 } from 'node:zlib';
import type { KafkaRecord } from '@platformatic/kafka';
import { batchOf, entriesOf } from '../batch.ts';
import type { LogBatch } from '../log-queue.ts';
import { openedBody, storedBatch } from '../stored-body.ts';

/** What a batch is in the queue's topic. */
export interface QueueRecord {
  readonly value: Buffer;
  readonly headers: Map<Buffer, Buffer>;
  readonly entries: number;
}

const names = {
  organization: 'organization',
  count: 'count',
  checksum: 'crc32',
  traceparent: 'traceparent',
} as const;

/** The records of a batch: one, or more where it is larger than one may be. Its body may be gone after it. */
export function recordsOf(batch: LogBatch, maxBytes: number): readonly QueueRecord[] {
  if (batch.body.byteLength <= maxBytes || batch.count < 2) return [recordOf(batch)];
  const entries = entriesOf(batch);
  const half = Math.ceil(entries.length / 2);
  return [entries.slice(0, half), entries.slice(half)].flatMap((part) =>
    recordsOf(batchOf(batch.organization, part, batch.traceparent), maxBytes),
  );
}

function recordOf(batch: LogBatch): QueueRecord {
  const { organization, count, body, traceparent } = storedBatch(batch);
  const value = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const headers = headersOf({
    [names.organization]: organization,
    [names.count]: String(count),
    [names.checksum]: String(checksumOf(organization, String(count), value)),
    ...(traceparent === undefined ? {} : { [names.traceparent]: traceparent }),
  });
  return { value, headers, entries: count };
}

export const headersOf = (texts: Readonly<Record<string, string>>): Map<Buffer, Buffer> =>
  new Map(Object.entries(texts).map(([name, text]) => [Buffer.from(name), Buffer.from(text)]));

/** The last of each name; what is no UTF-8 reads as replacement characters. */
export const headerTexts = ({ headers }: Pick<KafkaRecord, 'headers'>): ReadonlyMap<string, string> =>
  new Map(headers.map(([name, text]) => [String(name ?? ''), String(text ?? '')]));

/** The batch of a record, or what is wrong with it: the client does not look at the broker's checksums. */
export function batchOfRecord(record: Pick<KafkaRecord, 'headers' | 'value'>): LogBatch | string {
  const texts = headerTexts(record);
  const [organization, count, checksum] = [names.organization, names.count, names.checksum].map((name) =>
    texts.get(name),
  );
  if (organization === undefined || count === undefined || checksum === undefined || record.value === null) {
    return 'it is none of the gateway’s';
  }
  if (Number(checksum) !== checksumOf(organization, count, record.value)) {
    return 'its checksum does not match its bytes';
  }
  const body = orReason(record.value);
  if (typeof body === 'string') return body;
  const traceparent = texts.get(names.traceparent);
  return {
    organization,
    count: Number(count),
    body,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

function orReason(value: Buffer): Uint8Array | string {
  try {
    return openedBody(value);
  } catch (error) {
    return `it cannot be decompressed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const checksumOf = (organization: string, count: string, value: Buffer): number =>
  crc32(value, crc32(`${organization}\n${count}\n`));
