import type { KafkaRecord } from '@platformatic/kafka';
import type { NewDeadLetter } from '../../pipeline/dead-letters/dead-letters.ts';
import type { Position } from '../../pipeline/queue/kafka/position.ts';
import { headersOf } from '../../pipeline/queue/kafka/record.ts';
import type { Addressed } from '../../pipeline/queue/kafka/sender.ts';

/** What of a record is not taken, and why. */
export interface DirectRefusal {
  readonly reason: string;
  /** What cannot be taken: the whole value, or one entry of it. */
  readonly value: Buffer;
  /** Of the entry within the record, where it is one. */
  readonly index?: number;
}

interface Source {
  readonly position: Position;
  readonly record: Pick<KafkaRecord, 'headers'>;
}

/** Bytes that the headers of a dead letter may have; those of its record are left out when they are more. */
const maxHeaderBytes = 16_000;
const maxReasonLength = 2000;

/**
 * The records of a refusal: its bytes as they came, with the reason and where they lay in headers. What is larger than
 * the topic takes goes in parts, each with its number.
 */
export function deadLetters(
  topic: string,
  { position, record }: Source,
  { reason, value, index }: DirectRefusal,
  maxBytes: number,
): readonly Addressed[] {
  const own = headersOf({
    'dead-letter-reason': reason.slice(0, maxReasonLength),
    'dead-letter-topic': position.topic,
    'dead-letter-partition': String(position.partition),
    'dead-letter-offset': String(position.offset),
    ...(index === undefined ? {} : { 'dead-letter-index': String(index) }),
  });
  const given = new Map(
    record.headers.map(([name, text]) => [name ?? Buffer.alloc(0), text ?? Buffer.alloc(0)]),
  );
  const headers = sizeOf(given) > maxHeaderBytes ? own : new Map([...given, ...own]);
  return inParts(topic, headers, value, maxBytes);
}

/** The records of an entry that Loki refused. */
export function deadEntry(
  topic: string,
  { id, organization, reason, entry }: NewDeadLetter,
  maxBytes: number,
): readonly Addressed[] {
  const headers = headersOf({
    organization,
    'dead-letter-reason': reason.slice(0, maxReasonLength),
    'dead-letter-id': id,
  });
  return inParts(topic, headers, Buffer.from(entry), maxBytes);
}

function inParts(
  topic: string,
  headers: ReadonlyMap<Buffer, Buffer>,
  value: Buffer,
  maxBytes: number,
): readonly Addressed[] {
  const partBytes = Math.max(1, maxBytes - 2 * maxHeaderBytes);
  const parts = Math.max(1, Math.ceil(value.byteLength / partBytes));
  return Array.from({ length: parts }, (_, part) => ({
    topic,
    record: {
      value: value.subarray(part * partBytes, (part + 1) * partBytes),
      headers: new Map(
        parts === 1 ? headers : [...headers, ...headersOf({ 'dead-letter-part': `${part + 1} of ${parts}` })],
      ),
    },
  }));
}

const sizeOf = (headers: ReadonlyMap<Buffer, Buffer>): number =>
  [...headers].reduce((sum, [name, text]) => sum + name.byteLength + text.byteLength, 0);
