import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import { jsonOf, textOf } from '../intake/body.ts';
import { linesOf, refuseManyInJson, refuseManyInLines } from './most-entries.ts';

/** Entries as their senders wrote them; each is judged by the admission. */
export type RawEntries = readonly unknown[];

/** A line that is no JSON: nothing that the admission takes. */
const noEntry = null;

/** Levels of `[…]` and of `{logs: […]}`. */
const levels = [1, 2];

/** One entry, an array of them, or `{logs: […]}`. @throws HttpProblem 400, 413 for more than `most` */
export function fromJson(body: Buffer, most: number): RawEntries {
  refuseManyInJson(body, levels, most);
  const given = jsonOf(body);
  if (Array.isArray(given)) return given;
  if (!isObject(given)) throw new HttpProblem(400, 'The body must be an entry or an array of entries');
  return Array.isArray(given.logs) ? given.logs : [given];
}

/** One entry a line; empty lines count for nothing. @throws HttpProblem 400, 413 for more than `most` */
export function fromNdjson(body: Buffer, most: number): RawEntries {
  refuseManyInLines(body, most);
  return linesOf(textOf(body), most).map(entryOf);
}

function entryOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return noEntry;
  }
}

/** The one entry of a body. @throws HttpProblem 400, 413 for too many values */
export function oneFromJson(body: Buffer, most: number): RawEntries {
  refuseManyInJson(body, [], most);
  const given = jsonOf(body);
  if (!isObject(given)) throw new HttpProblem(400, 'The body must be one entry');
  return [given];
}

/** `{batch_id, logs: […]}`. @throws HttpProblem 400, 413 for more than `most` */
export function batchFromJson(
  body: Buffer,
  most: number,
): {
  readonly batchId: string | undefined;
  readonly raws: RawEntries;
} {
  refuseManyInJson(body, levels, most);
  const given = jsonOf(body);
  if (!isObject(given) || !Array.isArray(given.logs)) {
    throw new HttpProblem(400, 'The body must be {"batch_id": "…", "logs": […]}');
  }
  const id = given.batch_id ?? undefined;
  if (id !== undefined && (typeof id !== 'string' || id === '' || id.length > 255)) {
    throw new HttpProblem(400, 'batch_id must be a text of 1 to 255 characters');
  }
  return { batchId: id, raws: given.logs };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
