import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { activeSpan } from './active-span.ts';
import type { Logger } from './logger.ts';
import { recordError } from './tracing.ts';

/** An answer by problem+json (RFC 9457): throw it from a handler. Its detail is meant for the caller to read. */
export class HttpProblem extends Error {
  readonly status: number;
  /** More members of the answer, such as which field was wrong. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(status: number, detail: string, members: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.name = 'HttpProblem';
    this.status = status;
    this.members = members;
  }
}

/** Details of what Express's own parsers refuse; their messages quote the body. */
const parserDetails: Readonly<Record<string, string>> = {
  'entity.parse.failed': 'The body is not valid JSON.',
  'entity.too.large': 'The body is too large.',
  'encoding.unsupported': 'The encoding of the body is not supported.',
  'charset.unsupported': 'The character set of the body is not supported.',
};

/**
 * Recovery, last in the chain. What is not the caller's fault is logged as an ERROR with its stack and answered
 * with 500 and nothing about it; the caller's fault is logged as a WARNING without stack or body.
 */
export function problemHandler(log: Logger): ErrorRequestHandler {
  return function answerError(error: unknown, _req, res, _next) {
    const status = statusOf(error);
    const span = activeSpan.getStore();
    if (status >= 500) {
      log.error('A request failed with an unexpected error', { error });
      if (span?.recorded !== undefined) recordError(span.recorded, error);
    } else {
      log.warning('Request refused', {
        http_response_status_code: status,
        error_type: error instanceof Error ? error.name : typeof error,
        reason: detailOf(error, status) ?? STATUS_CODES[status] ?? 'refused',
      });
    }
    if (res.headersSent) {
      // Too late for another answer: cut the connection, so that nobody takes the half for the whole.
      res.locals.failed = true;
      res.statusCode = status;
      res.destroy();
      return;
    }
    answer(
      res,
      status,
      status >= 500 && !(error instanceof HttpProblem) ? undefined : detailOf(error, status),
      {
        ...(error instanceof HttpProblem ? error.members : {}),
      },
    );
  };
}

/** Answers 404 where no route matched. Between the routes and the error handler. */
export const notFound: RequestHandler = (_req, res) => answer(res, 404, undefined, {});

function answer(
  res: Response,
  status: number,
  detail: string | undefined,
  members: Readonly<Record<string, unknown>>,
): void {
  res
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        ...members,
        type: 'about:blank',
        title: STATUS_CODES[status] ?? 'Error',
        status,
        detail,
        request_id: activeSpan.getStore()?.requestId,
      }),
    );
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 500;
  const status = 'status' in error ? error.status : undefined;
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 599
    ? status
    : 500;
}

function detailOf(error: unknown, status: number): string | undefined {
  if (error instanceof HttpProblem) return error.message;
  if (status >= 500 || typeof error !== 'object' || error === null || !('type' in error)) return undefined;
  return parserDetails[String(error.type)];
}
