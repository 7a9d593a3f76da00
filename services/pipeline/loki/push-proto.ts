import protobuf from 'protobufjs/light.js';

/** A stream of Loki's push API. */
export interface PushStream {
  /** As in LogQL: `{service="shop", level="INFO"}`. */
  readonly labels: string;
  readonly entries: readonly PushEntry[];
}

export interface PushEntry {
  readonly timestamp: { readonly seconds: number; readonly nanos: number };
  readonly line: string;
  readonly structuredMetadata: readonly Pair[];
}

export interface Pair {
  readonly name: string;
  readonly value: string;
}

/** The part of Loki's `push.proto` that clients write. */
const schema = protobuf.Root.fromJSON({
  nested: {
    PushRequest: { fields: { streams: { rule: 'repeated', type: 'Stream', id: 1 } } },
    Stream: {
      fields: { labels: { type: 'string', id: 1 }, entries: { rule: 'repeated', type: 'Entry', id: 2 } },
    },
    Entry: {
      fields: {
        timestamp: { type: 'Timestamp', id: 1 },
        line: { type: 'string', id: 2 },
        structuredMetadata: { rule: 'repeated', type: 'Pair', id: 3 },
      },
    },
    Timestamp: { fields: { seconds: { type: 'int64', id: 1 }, nanos: { type: 'int32', id: 2 } } },
    Pair: { fields: { name: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
  },
});
/** What clients send. */
export const pushRequest = schema.lookupType('PushRequest');
const stream = schema.lookupType('Stream');

const [varint, delimited] = [0, 2];
const tagOf = (id: number, wireType: number): number => (id << 3) | wireType;
/** How the fields of that schema begin. */
export const tags = {
  streams: tagOf(1, delimited),
  labels: tagOf(1, delimited),
  entries: tagOf(2, delimited),
  timestamp: tagOf(1, delimited),
  line: tagOf(2, delimited),
  structuredMetadata: tagOf(3, delimited),
  seconds: tagOf(1, varint),
  nanos: tagOf(2, varint),
  name: tagOf(1, delimited),
  value: tagOf(2, delimited),
} as const;

export function encodePush(streams: readonly PushStream[]): Uint8Array {
  return pushRequest.encode({ streams } as unknown as protobuf.Message).finish();
}

/** @throws Error when the bytes are no PushRequest */
export function decodePush(bytes: Uint8Array): readonly PushStream[] {
  return plain(pushRequest, bytes).streams as readonly PushStream[];
}

/** Of a stream, with or without its labels. @throws Error when the bytes are no Stream */
export function decodeEntries(bytes: Uint8Array): readonly PushEntry[] {
  return plain(stream, bytes).entries as readonly PushEntry[];
}

const plain = (type: protobuf.Type, bytes: Uint8Array): Readonly<Record<string, unknown>> =>
  type.toObject(type.decode(bytes), { longs: Number, defaults: true, arrays: true });
