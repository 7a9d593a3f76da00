import { Admission, type AdmissionLimits } from '../../log-gateway/intake/admission.ts';
import { organizationPattern } from '../../log-gateway/intake/entry-schema.ts';
import { idAt, idsFrom } from '../../log-gateway/intake/ids.ts';
import type { AdmittedEntry } from '../../pipeline/entry.ts';
import { batchOf } from '../../pipeline/queue/batch.ts';
import type { Fetched } from '../../pipeline/queue/kafka/fetcher.ts';
import { headerTexts } from '../../pipeline/queue/kafka/record.ts';
import type { LogBatch } from '../../pipeline/queue/log-queue.ts';
import type { DirectRefusal } from './dead-letter-topic.ts';

export interface DirectOptions {
  readonly limits: AdmissionLimits & { readonly entriesPerRequest: number };
  /** Whose entries are taken. An entry that does not say whose it is belongs to the only one, where there is one. */
  readonly organizations: readonly string[];
}

export interface DirectOutcome {
  readonly batches: readonly LogBatch[];
  readonly refusals: readonly DirectRefusal[];
  /** Entries of the record, good or not. */
  readonly entries: number;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Headers that give an entry what it does not say itself. */
const named = ['service', 'source', 'host'] as const;
const tagPrefix = 'tag.';

class Refused extends Error {}

/**
 * What an application wrote to Kafka itself, judged as if it came over HTTP: one entry, an array of them, or
 * `{logs: […]}`. The same record always gives the same ids and instants, so that what is read twice is stored once.
 */
export function readDirect(fetched: Fetched, options: DirectOptions, nowMs: number): DirectOutcome {
  const { record } = fetched;
  try {
    return judged(fetched, entriesIn(record.value, options.limits.entriesPerRequest), options, nowMs);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const value = record.value ?? Buffer.alloc(0);
    return { batches: [], refusals: [{ reason: error.message, value }], entries: 1 };
  }
}

function entriesIn(value: Buffer | null, most: number): readonly unknown[] {
  if (value === null || value.byteLength === 0) throw new Refused('the record has no value');
  let given: unknown;
  try {
    given = JSON.parse(utf8.decode(value));
  } catch (error) {
    throw new Refused(error instanceof SyntaxError ? 'the record is no JSON' : 'the record is no UTF-8');
  }
  const logs = isObject(given) && Array.isArray(given.logs) ? given.logs : given;
  const entries = Array.isArray(logs) ? logs : [logs];
  if (entries.length === 0) throw new Refused('there is no entry in the record');
  if (entries.length > most) throw new Refused(`the record has more than ${most} entries`);
  return entries;
}

function judged(
  { position, record, at }: Fetched,
  entries: readonly unknown[],
  { limits, organizations }: DirectOptions,
  nowMs: number,
): DirectOutcome {
  const headers = headerTexts(record);
  const isPlausible = Math.abs(at - nowMs) <= limits.maxAgeHours * 3_600_000;
  const idsStart = idsFrom(`${position.topic}\n${position.partition}\n${position.offset}`);
  const idOf = (index: number): string => idAt(idsStart, index);
  const admission = new Admission(limits, idOf, isPlausible ? at : nowMs);
  const only = organizations.length === 1 ? organizations[0] : undefined;
  const byOrganization = new Map<string, AdmittedEntry[]>();
  const refusals: DirectRefusal[] = [];
  for (const [index, raw] of entries.entries()) {
    const enriched = isObject(raw) ? withHeaders(raw, headers) : raw;
    const whose = organizationIn(enriched, headers) ?? only;
    const reason =
      whose === undefined || !organizations.includes(whose)
        ? 'organizationId: is missing, or not one whose entries are taken from Kafka'
        : undefined;
    const result = reason === undefined ? admission.admit(enriched, index, () => whose) : { index, reason };
    if ('reason' in result) {
      refusals.push({ index, reason: result.reason, value: bytesOf(raw, record.value) });
      continue;
    }
    const batch = byOrganization.get(result.organization);
    if (batch === undefined) byOrganization.set(result.organization, [result.entry]);
    else batch.push(result.entry);
  }
  const batches = [...byOrganization].map(([organization, admitted]) =>
    batchOf(organization, admitted, headers.get('traceparent')),
  );
  return { batches, refusals, entries: entries.length };
}

/** The entry’s own word counts; what it does not say, the headers may. */
function withHeaders(
  raw: Readonly<Record<string, unknown>>,
  headers: ReadonlyMap<string, string>,
): Readonly<Record<string, unknown>> {
  const missing = named.filter((name) => headers.has(name) && (raw[name] ?? undefined) === undefined);
  const tags = [...headers].filter(([name]) => name.startsWith(tagPrefix));
  if (missing.length === 0 && tags.length === 0) return raw;
  const given = isObject(raw.tags) || (raw.tags ?? undefined) === undefined;
  return {
    ...raw,
    ...Object.fromEntries(missing.map((name) => [name, headers.get(name)])),
    ...(tags.length === 0 || !given
      ? {}
      : {
          tags: {
            ...Object.fromEntries(tags.map(([name, text]) => [name.slice(tagPrefix.length), text])),
            ...(isObject(raw.tags) ? raw.tags : {}),
          },
        }),
  };
}

function organizationIn(entry: unknown, headers: ReadonlyMap<string, string>): string | undefined {
  const given = isObject(entry) ? (entry.organizationId ?? headers.get('organization')) : undefined;
  if (given === undefined || given === null) return undefined;
  return typeof given === 'string' && organizationPattern.test(given) ? given : '';
}

/** An entry as JSON again; the whole record where it is nested too deeply to be written. */
function bytesOf(entry: unknown, whole: Buffer | null): Buffer {
  try {
    return Buffer.from(JSON.stringify(entry));
  } catch {
    return whole ?? Buffer.alloc(0);
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
