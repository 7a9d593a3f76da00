import type { AdmittedEntry } from '../entry.ts';
import { lineOf, metadataFields } from './line.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { type Pair, tags } from './push-proto.ts';

const headWriter = new ProtobufWriter();
/** How each pair of metadata begins, in the order in which they stand. */
export const heads = metadataFields.map((name) => ({ name, head: headOf(name) }));
/** What most entries have beside their line, in bytes. */
const usualMetadata = 200;

/** Writes what Loki keeps of an entry, as one of its stream's: the line, and what can be searched without parsing it. */
export function writeEntry(writer: ProtobufWriter, entry: AdmittedEntry): void {
  const line = lineOf(entry);
  const guess = line.length + usualMetadata;
  writer.varint(tags.entries);
  const start = writer.open(guess);
  writeInstant(writer, entry.timestamp_ns);
  writer.varint(tags.line);
  writer.text(line);
  for (const { name, head } of heads) {
    const value = entry[name];
    if (name === 'event_ns' && !isBeside(entry.event_ns, entry.timestamp_ns)) continue;
    if (value !== undefined) writePair(writer, head, value);
  }
  writer.close(start, guess);
}

/** Whether the client's own time stands beside the line: it is in the line as well (docs/decisions/0026). */
export const isBeside = (eventNs: string, timestampNs: string): boolean => eventNs !== timestampNs;

/** Writes more metadata of an entry, to stand behind what it has. */
export function writeMetadata(writer: ProtobufWriter, pairs: readonly Pair[]): void {
  for (const { name, value } of pairs) writePair(writer, headOf(name), value);
}

/** Of a tag and two numbers that are never longer, below 128 bytes. */
const instantGuess = 13;

export function writeInstant(writer: ProtobufWriter, ns: string): void {
  writer.varint(tags.timestamp);
  const start = writer.open(instantGuess);
  writer.varint(tags.seconds);
  writer.varint(digits(ns, 0, ns.length - 9));
  writer.varint(tags.nanos);
  writer.varint(digits(ns, ns.length - 9, ns.length));
  writer.close(start, instantGuess);
}

/** Their number: without the text that `Number` would need. */
function digits(text: string, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < end; at += 1) number = number * 10 + text.charCodeAt(at) - 0x30;
  return number;
}

function writePair(writer: ProtobufWriter, head: Uint8Array, value: string): void {
  const guess = head.length + 1 + value.length;
  writer.varint(tags.structuredMetadata);
  const start = writer.open(guess);
  writer.raw(head);
  writer.text(value);
  writer.close(start, guess);
}

/** A name, and the tag of its value. */
function headOf(name: string): Uint8Array {
  return headWriter.encoded(() => {
    headWriter.varint(tags.name);
    headWriter.text(name);
    headWriter.varint(tags.value);
  });
}
