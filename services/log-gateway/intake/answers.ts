import type { Response } from 'express';
import { z } from 'zod';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import type { Taken } from './take.ts';

/** Every id only where the request is this small, or asks for them. */
const idsShown = 100;

export const idsQuery = z.strictObject({
  ids: z.enum(['true', 'false']).optional().describe('true: the ids of all entries, however many'),
});

const refusals = z.array(z.object({ index: z.int(), reason: z.string() }));

/** How safe what is acknowledged is. */
const safety = {
  durability: z
    .enum(['fsynced', 'replicated'])
    .describe('Synced to the disk of one host, or held by all in-sync replicas of a Kafka topic'),
  replicas: z
    .int()
    .optional()
    .describe('Where replicated: so many hold it at least, which is the min.insync.replicas of the topic'),
} as const;

/** Of all entries (202), or of those that are not named in `errors` (207). */
export const intakeAnswer = z
  .object({
    status: z.enum(['accepted', 'partial']),
    accepted: z.int(),
    rejected: z.int(),
    ...safety,
    ids: z.array(z.uuid()).optional().describe('Of at most 100 entries, or of all with ?ids=true'),
    errors: refusals.optional(),
  })
  .meta({ id: 'Taken' });

export function answerTaken(response: Response, taken: Taken, allIds: boolean): void {
  const { accepted, refusals: errors, receipt } = taken;
  refuseAllBad(taken);
  const partial = errors.length > 0;
  sendJson(response, partial ? 207 : 202, {
    status: partial ? 'partial' : 'accepted',
    accepted,
    rejected: errors.length,
    ...receipt,
    ...(allIds || accepted <= idsShown ? { ids: taken.ids() } : {}),
    ...(partial ? { errors } : {}),
  });
}

/** What answers one entry. */
export const oneAnswer = z
  .object({
    status: z.literal('success'),
    id: z.uuid(),
    message: z.string(),
    ...safety,
  })
  .meta({ id: 'OneTaken' });

export function answerOne(response: Response, taken: Taken): void {
  refuseAllBad(taken);
  const [id] = taken.ids();
  const message = 'Log event queued for processing';
  sendJson(response, 202, { status: 'success', id, message, ...taken.receipt });
}

/** What answers `/logs/batch-ingest`. */
export const batchAnswer = intakeAnswer
  .extend({ status: z.enum(['success', 'partial']), batch_id: z.string().optional() })
  .meta({ id: 'BatchTaken' });

export function answerBatch(response: Response, batchId: string | undefined, taken: Taken): void {
  refuseAllBad(taken);
  const { accepted, refusals: errors, receipt } = taken;
  const partial = errors.length > 0;
  sendJson(response, partial ? 207 : 202, {
    status: partial ? 'partial' : 'success',
    batch_id: batchId,
    accepted,
    rejected: errors.length,
    ...receipt,
    ...(partial ? { errors } : {}),
  });
}

/** As Express' own json(), which looks for the type of the content and for what the client has of it in every answer. */
function sendJson(response: Response, status: number, value: unknown): void {
  const text = JSON.stringify(value);
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}

/**
 * @throws HttpProblem 400 where there is no entry, or none that is good, 403 where all were another organization's
 */
function refuseAllBad({ accepted, refusals: errors }: Taken): void {
  if (accepted > 0) return;
  if (errors.length === 0) throw new HttpProblem(400, 'There is no entry in the body');
  const foreign = errors.every(({ reason }) => reason === 'organizationId: is not one of the key’s');
  if (foreign) throw new HttpProblem(403, 'The organization is not one of the key’s', { errors });
  throw new HttpProblem(400, 'No entry is valid', { accepted: 0, rejected: errors.length, errors });
}

/** As Loki does: the good entries are kept, and the client does not try again. */
export function answerLoki(response: Response, { refusals: errors }: Taken): void {
  if (errors.length > 0) {
    throw new HttpProblem(400, 'Some entries are not valid; the others were taken', { errors });
  }
  response.status(204).end();
}
