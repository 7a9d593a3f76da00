import { z } from 'zod';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import { decodePush, pushRequest } from '../../pipeline/loki/push-proto.ts';
import { jsonOf } from '../intake/body.ts';
import { levelOf } from '../intake/levels.ts';
import type { RawEntries } from './json.ts';
import { refuseManyInJson, refuseManyInProtobuf } from './most-entries.ts';
import { ValueCount } from './most-values.ts';

type Labels = Readonly<Record<string, string>>;

/** Loki's push API in JSON. */
export const lokiPushSchema = z
  .object({
    streams: z.array(
      z.object({
        stream: z.record(z.string(), z.string()),
        values: z.array(
          z.union([
            z.tuple([z.string(), z.string()]),
            z.tuple([z.string(), z.string(), z.record(z.string(), z.string())]),
          ]),
        ),
      }),
    ),
  })
  .meta({ id: 'LokiPush' });

/** Labels by which Loki's clients name the application and the host, the first that is there. */
const serviceLabels = ['service', 'service_name', 'app', 'application', 'job', 'container'];
const hostLabels = ['host', 'hostname', 'node_name', 'instance'];
const ownMetadata: ReadonlySet<string> = new Set(['request_id', 'trace_id', 'span_id', 'user_id', 'logger']);

/** Levels of `streams` and of their `values`. */
const levels = [2, 4];
/** The same as fields of `push.proto`. */
const path = [1, 2];

/** @throws HttpProblem 400, 413 for more than `most` */
export function fromLokiJson(body: Buffer, most: number): RawEntries {
  refuseManyInJson(body, levels, most);
  const parsed = lokiPushSchema.safeParse(jsonOf(body));
  if (!parsed.success) throw new HttpProblem(400, 'The body is no push request of Loki');
  const made = new ValueCount(most);
  return parsed.data.streams.flatMap(({ stream, values }) => {
    made.add(Object.keys(stream).length * values.length);
    return values.map(([timestamp, line, metadata]) => rawOf(stream, timestamp, line, metadata ?? {}));
  });
}

/** Protobuf, already out of its snappy block. @throws HttpProblem 400, 413 for more than `most` */
export function fromLokiProtobuf(body: Uint8Array, most: number): RawEntries {
  try {
    refuseManyInProtobuf(body, path, most, pushRequest);
    const made = new ValueCount(most);
    return decodePush(body).flatMap(({ labels, entries }) => {
      const stream = labelsOf(labels, made);
      made.add(Object.keys(stream).length * entries.length);
      return entries.map(({ timestamp, line, structuredMetadata }) =>
        rawOf(
          stream,
          `${timestamp.seconds}${String(timestamp.nanos).padStart(9, '0')}`,
          line,
          Object.fromEntries(structuredMetadata.map(({ name, value }) => [name, value])),
        ),
      );
    });
  } catch (error) {
    if (error instanceof HttpProblem) throw error;
    throw new HttpProblem(400, 'The body is no push request of Loki');
  }
}

function rawOf(stream: Labels, timestamp: string, message: string, metadata: Labels): object {
  const service = serviceLabels.find((name) => stream[name] !== undefined) ?? '';
  const host = hostLabels.find((name) => stream[name] !== undefined) ?? '';
  const given = stream.level ?? metadata.level ?? metadata.detected_level;
  const level = levelOf(given);
  const used = new Set([service, host, ...(level === undefined ? [] : ['level'])]);
  const own: [string, string][] = [];
  const fields: [string, string][] = [];
  for (const [name, value] of Object.entries(metadata)) {
    if (value !== '') (ownMetadata.has(name) ? own : fields).push([name, value]);
  }
  return {
    timestamp,
    message,
    level,
    service: stream[service],
    host: stream[host],
    tags: Object.fromEntries(Object.entries(stream).filter(([name]) => !used.has(name))),
    fields: Object.fromEntries(fields),
    ...Object.fromEntries(own),
  };
}

const pair = /\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*("(?:[^"\\]|\\.)*")\s*(?:,|$)/y;

/** `{a="b", c="d"}`, as Prometheus writes label sets. @throws HttpProblem 400, 413 */
function labelsOf(text: string, made: ValueCount): Labels {
  const inner = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1] ?? refuse();
  const labels: [string, string][] = [];
  let at = 0;
  while (inner.slice(at).trim() !== '') {
    pair.lastIndex = at;
    const [whole, name = '', quoted = ''] = pair.exec(inner) ?? refuse();
    made.add(1);
    labels.push([name, unquoted(quoted)]);
    at += whole.length;
  }
  return Object.fromEntries(labels);
}

/** Go's quoting is JSON's but for a few escapes. */
function unquoted(text: string): string {
  try {
    return String(JSON.parse(text.replaceAll(/\\x([0-9a-f]{2})/gi, '\\u00$1').replaceAll(/\\[av']/g, ' ')));
  } catch {
    return refuse();
  }
}

function refuse(): never {
  throw new HttpProblem(400, 'The labels of a stream cannot be read');
}
