import { z } from 'zod';
import { HttpProblem } from '../../../../telemetry/instrument/problem.ts';
import { jsonOf } from '../../intake/body.ts';
import { levelOf } from '../../intake/levels.ts';
import { weighed } from '../../intake/weight.ts';
import type { RawEntries } from '../json.ts';
import { bodyLevels, refuseManyInJson, refuseManyInProtobuf } from '../most-entries.ts';
import { ValueCount, valuesIn } from '../most-values.ts';
import { decodeOtlp, decodeResource, request } from './proto.ts';
import { levelByNumber } from './severity.ts';

type AnyValue = z.output<typeof anyValue>;
type Record = z.output<typeof logRecord>;
type Members = { readonly [key: string]: unknown };

const count = z.union([z.string(), z.number()]);
const anyValue = z.object({
  stringValue: z.string().optional(),
  boolValue: z.boolean().optional(),
  intValue: count.optional(),
  doubleValue: count.optional(),
  bytesValue: z.string().optional(),
  get arrayValue() {
    return z.object({ values: z.array(anyValue).optional() }).optional();
  },
  get kvlistValue() {
    return z.object({ values: attributes.optional() }).optional();
  },
});
const attributes = z.array(z.object({ key: z.string().default(''), value: anyValue.optional() }));
const resource = z.object({ attributes: attributes.optional() });
const logRecord = z.object({
  timeUnixNano: count.optional(),
  observedTimeUnixNano: count.optional(),
  severityNumber: z.union([z.number(), z.string()]).optional(),
  severityText: z.string().optional(),
  body: anyValue.optional(),
  attributes: attributes.optional(),
  traceId: z.string().optional(),
  spanId: z.string().optional(),
});
/** OTLP's export request for logs. */
export const otlpSchema = z
  .object({
    resourceLogs: z
      .array(
        z.object({
          resource: resource.optional(),
          scopeLogs: z
            .array(
              z.object({
                scope: z.object({ name: z.string().optional() }).optional(),
                logRecords: z.array(logRecord).optional(),
              }),
            )
            .optional(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'OtlpLogs' });

/** Levels of `resourceLogs`, `scopeLogs` and `logRecords`. */
const levels = [2, 4, 6];
/** The same as fields of `logs_service.proto`. */
const path = [1, 2, 2];

/** @throws HttpProblem 400, 413 for more than `most` */
export function fromOtlpJson(body: Buffer, most: number): RawEntries {
  refuseManyInJson(body, levels, most);
  return rawsOf(jsonOf(body), (id) => id, most);
}

/** @throws HttpProblem 400, 413 for more than `most` */
export function fromOtlpProtobuf(body: Uint8Array, most: number): RawEntries {
  const hex = (id: string): string => Buffer.from(id, 'base64').toString('hex');
  let decoded: unknown;
  try {
    refuseManyInProtobuf(body, path, most, request);
    decoded = decodeOtlp(body);
  } catch (error) {
    throw error instanceof HttpProblem ? error : refused();
  }
  if (weighed(decoded, bodyLevels) === undefined) throw refused();
  return rawsOf(decoded, hex, most);
}

const refused = (): HttpProblem => new HttpProblem(400, 'The body is no export request of OTLP logs');

function rawsOf(given: unknown, idOf: (id: string) => string, most: number): RawEntries {
  const parsed = otlpSchema.safeParse(given);
  if (!parsed.success) throw refused();
  const made = new ValueCount(most);
  return (parsed.data.resourceLogs ?? []).flatMap(({ resource, scopeLogs }) => {
    const members = plainMembers(resource?.attributes);
    const about = aboutOf(members);
    const each = valuesIn(members) - 1;
    return (scopeLogs ?? []).flatMap(({ scope, logRecords = [] }) => {
      made.add(each * logRecords.length);
      return logRecords.map((one) => rawOf(one, about, scope?.name, idOf));
    });
  });
}

/** What the entries of a resource share. */
interface About {
  readonly service: string | undefined;
  readonly host: string | undefined;
  readonly fields: Members;
}

/** @param bytes of a resource in protobuf @throws Error when it is none */
export const aboutResource = (bytes: Uint8Array): About =>
  aboutOf(plainMembers(resource.parse(decodeResource(bytes)).attributes));

const aboutOf = ({ 'service.name': service, 'host.name': host, ...fields }: Members): About => ({
  service: textIn(service),
  host: textIn(host),
  fields,
});

function rawOf(one: Record, about: About, scope: string | undefined, idOf: (id: string) => string): object {
  const { timeUnixNano: time = 0, observedTimeUnixNano: observed = 0 } = one;
  const [traceId, spanId] = [one.traceId ?? '', one.spanId ?? ''];
  const body = plain(one.body);
  return {
    timestamp: Number(time) !== 0 ? String(time) : Number(observed) !== 0 ? String(observed) : undefined,
    level: levelOf(one.severityText) ?? levelByNumber(Number(one.severityNumber ?? 0)),
    message: typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body),
    service: about.service,
    host: about.host,
    logger: scope === '' ? undefined : scope,
    trace_id: traceId === '' ? undefined : idOf(traceId),
    span_id: spanId === '' ? undefined : idOf(spanId),
    fields: { ...about.fields, ...plainMembers(one.attributes) },
  };
}

const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function plainMembers(given: z.output<typeof attributes> | undefined): Members {
  return Object.fromEntries((given ?? []).map(({ key, value }) => [key, plain(value) ?? null]));
}

function plain(value: AnyValue | undefined): unknown {
  if (value === undefined) return undefined;
  const { stringValue, boolValue, intValue, doubleValue, bytesValue, arrayValue, kvlistValue } = value;
  if (arrayValue !== undefined) return (arrayValue.values ?? []).map((item) => plain(item) ?? null);
  if (kvlistValue !== undefined) return plainMembers(kvlistValue.values);
  if (intValue !== undefined)
    return Number.isSafeInteger(Number(intValue)) ? Number(intValue) : String(intValue);
  return stringValue ?? boolValue ?? (doubleValue === undefined ? bytesValue : Number(doubleValue));
}
