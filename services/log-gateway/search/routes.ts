import { once } from 'node:events';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import { parseInput } from '../../kit/validation.ts';
import type { PipelineConfig } from '../../pipeline/config/schema.ts';
import { callerIn, type Guard, mayStill, organizationOf } from '../keys/authentication.ts';
import { type FoundEntry, foundEntry, foundEntryOf } from './found-entry.ts';
import { logqlOf } from './log-query.ts';
import { errorPattern, patternsOf } from './patterns.ts';
import type { Search, SearchRequest } from './search.ts';
import { patternsQuery, searchQuery, tailQuery } from './search-query.ts';
import type { Tails } from './tail.ts';

export interface SearchRoutesOptions {
  readonly search: Search;
  readonly tails: Tails;
  readonly guard: Guard;
  readonly limits: PipelineConfig['limits'];
}

/** One page of a search. */
export const searchAnswer = z
  .object({
    organization: z.string(),
    entries: z.array(foundEntry),
    next_cursor: z.string().optional().describe('Absent where there is no more'),
  })
  .meta({ id: 'SearchAnswer' });

/** Patterns of errors. */
export const patternsAnswer = z
  .object({
    organization: z.string(),
    hours: z.number(),
    errors_looked_at: z.int(),
    complete: z.boolean().describe('False where there were more errors than were looked at: the newest'),
    patterns: z.array(errorPattern),
  })
  .meta({ id: 'PatternsAnswer' });

export const tailPath = '/api/v1/logs/tail';

const hourMs = 3_600_000;
/** Errors that patterns are made of, in pages of so many. */
const patternErrors = 20_000;
const patternPage = 4000;
/** Entries that a stream gives at most. */
const streamed = 100_000;
/** Milliseconds that a client may take nothing of what is written to it. */
const drainMs = 60_000;
const ndjson = 'application/x-ndjson';

/** Searching, following, and the patterns of errors. */
export function searchRoutes({ search, tails, guard, limits }: SearchRoutesOptions): Router {
  const router = Router();
  const read = guard('read');
  const querySchema = searchQuery(limits);
  const patternsSchema = patternsQuery(limits);

  function requestOf(request: Request, response: Response): SearchRequest {
    const { level, organization, start_time, end_time, limit, cursor, ...filter } = parseInput(
      querySchema,
      request.query,
    );
    // To the second, so that the same question twice is one.
    const endMs = end_time ?? Math.ceil(Date.now() / 1000) * 1000;
    const startMs = start_time ?? endMs - hourMs;
    if (startMs >= endMs) throw new HttpProblem(400, 'start_time must be before end_time');
    if (endMs - startMs > limits.searchRangeHours * hourMs) {
      throw new HttpProblem(400, `A search may span at most ${limits.searchRangeHours} hours`);
    }
    return {
      organization: organizationOf(request, response, organization),
      filter: { ...filter, levels: level },
      startMs,
      endMs,
      limit,
      cursor,
    };
  }

  const searched: RequestHandler = async (request, response) => {
    const asked = requestOf(request, response);
    const signal = goneSignal(response);
    if (request.accepts(['json', ndjson]) === ndjson) {
      await stream(response, search, { ...asked, limit: limits.searchLines }, signal);
      return;
    }
    const { lines, nextCursor } = await search.page(asked, signal);
    response.json({
      organization: asked.organization,
      entries: lines.map(foundEntryOf),
      next_cursor: nextCursor,
    });
  };
  router.get('/api/v1/logs/search', ...read, searched);
  router.get('/logs/search', ...read, searched);

  router.get(tailPath, ...read, async (request, response) => {
    const { level, organization: asked, ...filter } = parseInput(tailQuery, request.query);
    const organization = organizationOf(request, response, asked);
    const follower = {
      id: callerIn(response).id,
      mayFollow: () => mayStill(response, 'read', organization),
    };
    await tails.follow(request, response, {
      follower,
      organization,
      logql: logqlOf({ ...filter, levels: level }),
    });
  });

  const patterns: RequestHandler = async (request, response) => {
    const { hours, service, organization: asked } = parseInput(patternsSchema, request.query);
    const organization = organizationOf(request, response, asked);
    const endMs = Math.ceil(Date.now() / 10_000) * 10_000;
    const range = { startMs: endMs - Math.round(hours * hourMs), endMs };
    const errors: FoundEntry[] = [];
    let cursor: string | undefined;
    do {
      const found = await search.page(
        {
          ...{ organization, ...range, limit: patternPage, cursor },
          filter: { levels: ['ERROR', 'CRITICAL'], service },
        },
        goneSignal(response),
      );
      errors.push(...found.lines.map(foundEntryOf));
      cursor = found.nextCursor;
    } while (cursor !== undefined && errors.length < patternErrors);
    response.json({
      organization,
      hours,
      errors_looked_at: errors.length,
      complete: cursor === undefined,
      patterns: patternsOf(errors, range.startMs, range.endMs),
    });
  };
  router.get('/api/v1/logs/patterns', ...read, patterns);
  router.get('/logs/patterns', ...read, patterns);
  return router;
}

/** All that is found, one entry a line, as fast as the client takes it. */
async function stream(
  response: Response,
  search: Search,
  asked: SearchRequest,
  signal: AbortSignal,
): Promise<void> {
  let cursor = asked.cursor;
  let given = 0;
  do {
    const found = await search.page({ ...asked, cursor }, signal);
    if (!response.headersSent) response.type(ndjson);
    const text = found.lines.map((line) => `${JSON.stringify(foundEntryOf(line))}\n`).join('');
    given += found.lines.length;
    cursor = found.nextCursor;
    if (!response.write(text) && !response.destroyed) {
      await once(response, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(drainMs)]) });
    }
  } while (cursor !== undefined && given < streamed);
  response.end();
}

/** Aborts when the client has gone away before its answer. */
function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  return gone.signal;
}
