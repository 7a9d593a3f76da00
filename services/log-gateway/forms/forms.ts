import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import { snappyLength, uncompressed } from '../../kit/snappy.ts';
import { batchFromJson, fromJson, fromNdjson, oneFromJson, type RawEntries } from './json.ts';
import { fromLokiJson, fromLokiProtobuf } from './loki.ts';
import { fromOtlpJson, fromOtlpProtobuf } from './otlp/decode.ts';
import { otlpAsJson } from './otlp/json-list.ts';

/** What a body says. */
interface Decoded {
  readonly raws: RawEntries;
  /** What the sender calls the batch. */
  readonly batchId?: string | undefined;
}

interface Form {
  /** @param most entries @throws HttpProblem 400, 413 for more than `most` */
  decode(body: Buffer, most: number): Decoded;
  /** Bytes of what is made of the body before it is decoded. */
  openedBytes?(body: Buffer): number;
  /** What may be read byte by byte instead: perhaps a list of the same entries in JSON. Undefined where there is none. */
  list?(body: Buffer): Buffer | undefined;
}

const raw = (decode: (body: Buffer, most: number) => RawEntries): Form => ({
  decode: (body, most) => ({ raws: decode(body, most) }),
});

/** How entries are written that are sent. */
const forms = {
  json: { ...raw(fromJson), list: (body) => body },
  one: raw(oneFromJson),
  ndjson: raw(fromNdjson),
  batch: { decode: batchFromJson },
  lokiJson: raw(fromLokiJson),
  lokiProtobuf: {
    decode: (body, most) => ({ raws: fromLokiProtobuf(opened(body), most) }),
    openedBytes: snappyLength,
  },
  otlpJson: raw(fromOtlpJson),
  otlpProtobuf: { ...raw(fromOtlpProtobuf), list: otlpAsJson },
} as const satisfies Readonly<Record<string, Form>>;

export type FormName = keyof typeof forms;

export const formOf = (name: FormName): Form => forms[name];

/** Of snappy's block format. @throws HttpProblem 400 */
function opened(body: Buffer): Buffer {
  try {
    return uncompressed(body);
  } catch {
    throw new HttpProblem(400, 'The body is no valid snappy block');
  }
}
