import protobuf from 'protobufjs/light.js';

const optional = (type: string, id: number) => ({ type, id });
const repeated = (type: string, id: number) => ({ rule: 'repeated', type, id });

/** The part of OpenTelemetry's `logs_service.proto` that the gateway reads and answers with. */
const schema = protobuf.Root.fromJSON({
  nested: {
    Request: { fields: { resourceLogs: repeated('ResourceLogs', 1) } },
    ResourceLogs: { fields: { resource: optional('Resource', 1), scopeLogs: repeated('ScopeLogs', 2) } },
    Resource: { fields: { attributes: repeated('KeyValue', 1) } },
    ScopeLogs: { fields: { scope: optional('Scope', 1), logRecords: repeated('LogRecord', 2) } },
    Scope: { fields: { name: optional('string', 1) } },
    LogRecord: {
      fields: {
        timeUnixNano: optional('fixed64', 1),
        severityNumber: optional('int32', 2),
        severityText: optional('string', 3),
        body: optional('AnyValue', 5),
        attributes: repeated('KeyValue', 6),
        traceId: optional('bytes', 9),
        spanId: optional('bytes', 10),
        observedTimeUnixNano: optional('fixed64', 11),
      },
    },
    KeyValue: { fields: { key: optional('string', 1), value: optional('AnyValue', 2) } },
    AnyValue: {
      oneofs: {
        value: {
          oneof: [
            'stringValue',
            'boolValue',
            'intValue',
            'doubleValue',
            'arrayValue',
            'kvlistValue',
            'bytesValue',
          ],
        },
      },
      fields: {
        stringValue: optional('string', 1),
        boolValue: optional('bool', 2),
        intValue: optional('int64', 3),
        doubleValue: optional('double', 4),
        arrayValue: optional('ArrayValue', 5),
        kvlistValue: optional('KeyValueList', 6),
        bytesValue: optional('bytes', 7),
      },
    },
    ArrayValue: { fields: { values: repeated('AnyValue', 1) } },
    KeyValueList: { fields: { values: repeated('KeyValue', 1) } },
    Response: { fields: { partialSuccess: optional('PartialSuccess', 1) } },
    PartialSuccess: {
      fields: { rejectedLogRecords: optional('int64', 1), errorMessage: optional('string', 2) },
    },
  },
});
export const request = schema.lookupType('Request');
const response = schema.lookupType('Response');
const resource = schema.lookupType('Resource');
/** `json` is for what JSON has no number for, which would be refused. */
const asJson = { longs: String, bytes: String, json: true };

/** In the form that OTLP has in JSON, but for ids in base64. @throws Error when the bytes are no such request */
export function decodeOtlp(bytes: Uint8Array): unknown {
  return request.toObject(request.decode(bytes), asJson);
}

/** The same of a resource alone. @throws Error when the bytes are none */
export function decodeResource(bytes: Uint8Array): unknown {
  return resource.toObject(resource.decode(bytes), asJson);
}

export interface PartialSuccess {
  readonly rejectedLogRecords: number;
  readonly errorMessage: string;
}

export function encodeOtlpAnswer(partialSuccess: PartialSuccess | undefined): Uint8Array {
  return response
    .encode(response.fromObject(partialSuccess === undefined ? {} : { partialSuccess }))
    .finish();
}

/** What a test sends. */
export function encodeOtlp(given: object): Uint8Array {
  return request.encode(request.fromObject(given)).finish();
}
