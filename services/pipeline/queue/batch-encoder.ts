import type { AdmittedEntry } from '../entry.ts';
import { ProtobufWriter } from '../loki/protobuf-writer.ts';
import { tags } from '../loki/push-proto.ts';
import type { StreamKey } from '../loki/stream-labels.ts';
import { writeEntry } from '../loki/write-entry.ts';
import type { LogBatch } from './log-queue.ts';

interface Stream {
  /** A `StreamKey` in JSON. */
  readonly key: string;
  readonly entries: ProtobufWriter;
}

/** Kept for the next batch, so that its streams find their memory ready. */
const spare: ProtobufWriter[] = [];
const mostSpare = 32;
const mostSpareBytes = 1024 * 1024;
/** Of a new one: as many streams as there are entries may come in one batch. */
const firstBytes = 1024;
const heads = new ProtobufWriter();

/**
 * Writes the entries of one organization as they come, each to its stream. The body is a push of Loki's as the ingestor
 * sends it, but that each stream has what its labels follow from in their place (docs/decisions/0021). Entries keep their
 * order within a stream.
 */
export class BatchEncoder {
  /** In the order in which they came; by service and level, and by their tags where there are any. */
  readonly #streams: Stream[] = [];
  readonly #byService = new Map<string, Map<string, Stream>>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(entry: AdmittedEntry): void {
    writeEntry(this.next(entry), entry);
  }

  /** Where one more entry of a stream is to be written. */
  next({ service, level, tags: given }: StreamKey): ProtobufWriter {
    this.#count += 1;
    const name = given === undefined ? level : `${level}\n${JSON.stringify(given)}`;
    let ofService = this.#byService.get(service);
    if (ofService === undefined) {
      ofService = new Map();
      this.#byService.set(service, ofService);
    }
    let stream = ofService.get(name);
    if (stream === undefined) {
      stream = {
        key: JSON.stringify({ service, level, tags: given }),
        entries: spare.pop() ?? new ProtobufWriter(firstBytes),
      };
      ofService.set(name, stream);
      this.#streams.push(stream);
    }
    return stream.entries;
  }

  /** What was added; nothing more can be. */
  batch(organization: string, traceparent: string | undefined): LogBatch {
    const body = this.#body();
    for (const { entries } of this.#streams) {
      if (spare.length === mostSpare) break;
      if (entries.capacity > mostSpareBytes) continue;
      entries.clear();
      spare.push(entries);
    }
    this.#streams.length = 0;
    this.#byService.clear();
    return { organization, count: this.#count, body, ...(traceparent === undefined ? {} : { traceparent }) };
  }

  #body(): Uint8Array<ArrayBuffer> {
    const parts = this.#streams.flatMap(({ key, entries: { bytes } }) => [headOf(key, bytes.length), bytes]);
    // In memory of its own, which can be handed over.
    const body = Buffer.allocUnsafeSlow(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      body.set(part, at);
      at += part.length;
    }
    return body;
  }
}

/** How a stream begins that has so many bytes of entries. */
function headOf(key: string, bytes: number): Uint8Array {
  const labels = heads.encoded(() => {
    heads.varint(tags.labels);
    heads.text(key);
  });
  return heads.encoded(() => {
    heads.varint(tags.streams);
    heads.varint(labels.length + bytes);
    heads.raw(labels);
  });
}
