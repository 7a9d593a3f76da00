import { z } from 'zod';
import { lokiPushSchema } from '../forms/loki.ts';
import { otlpSchema } from '../forms/otlp/decode.ts';
import { batchAnswer, idsQuery, intakeAnswer, oneAnswer } from '../intake/answers.ts';
import { entrySchema } from '../intake/entry-schema.ts';
import type { Scope } from '../keys/key-record.ts';
import { metricsAnswer, metricsQuery, metricsRangeQuery } from '../metrics/routes.ts';
import { foundEntry } from '../search/found-entry.ts';
import { patternsAnswer, searchAnswer, tailPath } from '../search/routes.ts';
import { patternsQuery, type SearchLimits, searchQuery, tailQuery } from '../search/search-query.ts';
import { aboutAnswer, healthAnswer } from './health-routes.ts';

/** One way to call the gateway, as its document tells it. */
export interface Operation {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly summary: string;
  /** What the key must have; without it anybody may ask. */
  readonly scope?: Scope;
  readonly query?: z.ZodObject;
  /** By content type. */
  readonly bodies?: Readonly<Record<string, z.ZodType>>;
  /** By status, and then by content type. */
  readonly answers: Readonly<Record<number, Readonly<Record<string, z.ZodType>>>>;
}

const json = (schema: z.ZodType) => ({ 'application/json': schema });
const text = z.string();
const tailEvent = z.looseObject({ data: z.string().describe('An entry, as a search gives it') });
const bytes = z.string().meta({ format: 'binary' });
function writing(path: string, summary: string, bodies: Operation['bodies'], answers: Operation['answers']) {
  return { method: 'post', path, summary, scope: 'write', bodies, answers } as Operation;
}

function reading(path: string, summary: string, query: z.ZodObject, answer: Operation['answers'][number]) {
  return { method: 'get', path, summary, scope: 'read', query, answers: { 200: answer } } as Operation;
}

const open = (path: string, summary: string, answer: Operation['answers'][number]): Operation => ({
  method: 'get',
  path,
  summary,
  answers: { 200: answer },
});

/** Every endpoint, from the schemas that its code validates with. */
export function operations(limits: SearchLimits): readonly Operation[] {
  const search = searchQuery(limits);
  const patterns = patternsQuery(limits);
  const found = { ...json(searchAnswer), 'application/x-ndjson': foundEntry };
  const entries = z.array(entrySchema).min(1);
  const oneOrMore = z.union([entrySchema, entries, z.object({ logs: entries })]);
  const batch = z.object({ batch_id: z.string().min(1).max(255).optional(), logs: entries });
  const one = { 202: json(oneAnswer) };
  const several = { 202: json(intakeAnswer), 207: json(intakeAnswer) };
  const batches = { 202: json(batchAnswer), 207: json(batchAnswer) };
  const otlpAnswer = z.object({
    partialSuccess: z.object({ rejectedLogRecords: z.int(), errorMessage: z.string() }).optional(),
  });
  return [
    {
      ...writing(
        '/api/v1/logs',
        'Take one entry, a batch, or NDJSON',
        { ...json(oneOrMore), 'application/x-ndjson': text },
        several,
      ),
      query: idsQuery,
    },
    writing('/api/logs', 'Take one entry', json(entrySchema), one),
    writing('/logs/ingest', 'Take one entry', json(entrySchema), one),
    writing('/logs/batch-ingest', 'Take a batch; its id makes tries of it one', json(batch), batches),
    writing(
      '/loki/api/v1/push',
      'Loki’s push API',
      { ...json(lokiPushSchema), 'application/x-protobuf': bytes },
      { 204: {} },
    ),
    writing(
      '/v1/logs',
      'OTLP over HTTP',
      { ...json(otlpSchema), 'application/x-protobuf': bytes },
      { 200: { ...json(otlpAnswer), 'application/x-protobuf': bytes } },
    ),
    reading('/api/v1/logs/search', 'Search logs, newest first', search, found),
    reading('/logs/search', 'The same', search, found),
    reading(tailPath, 'Follow logs as they come, by events or by a WebSocket', tailQuery, {
      'text/event-stream': tailEvent,
    }),
    reading('/api/v1/logs/patterns', 'Kinds of errors', patterns, json(patternsAnswer)),
    reading('/logs/patterns', 'The same', patterns, json(patternsAnswer)),
    reading('/api/v1/metrics/query', 'Metrics at a moment', metricsQuery, json(metricsAnswer)),
    reading('/api/v1/metrics/range', 'Metrics over time', metricsRangeQuery, json(metricsAnswer)),
    open('/', 'What this is', json(aboutAnswer)),
    open('/api/v1/health', 'How each dependency is doing', json(healthAnswer)),
  ];
}
