import { Pool } from 'undici';
import type { OutgoingHeaders } from '../../../telemetry/instrument/tracing.ts';
import { lokiAuthorization } from './authorization.ts';
import type { PushRequest } from './push-request.ts';

/** How Loki took a push. */
export type PushOutcome =
  | { readonly kind: 'stored' }
  /** For what is in it. Entries that are valid were stored all the same. */
  | { readonly kind: 'rejected'; readonly status: number; readonly reason: string }
  /** A limit of the tenant, then nothing was stored; or of some of its streams, then the others were. */
  | {
      readonly kind: 'limited';
      readonly scope: 'tenant' | 'stream';
      readonly reason: string;
      readonly retryAfterMs?: number;
    }
  /** No fault of the entries. */
  | { readonly kind: 'unavailable'; readonly reason: string };

export interface PushClient {
  /** The signal ends it as unavailable. */
  push(organization: string, request: PushRequest, signal?: AbortSignal): Promise<PushOutcome>;
  close(): Promise<void>;
}

export interface PushClientOptions {
  /** Base address of Loki. */
  readonly url: string;
  readonly timeoutMs: number;
  /** Of basic authentication. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Trace headers of the caller. */
  readonly trace?: () => OutgoingHeaders;
}

const maxReasonLength = 2000;
/** Sizes of what was sent are a matter of its content: halved, it may pass. */
const contentStatuses: ReadonlySet<number> = new Set([400, 413, 422]);

export function createPushClient({ url, timeoutMs, trace, ...access }: PushClientOptions): PushClient {
  const authorization = lokiAuthorization(access);
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, {
    connections: 8,
    connectTimeout: timeoutMs,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const path = `${pathname.replace(/\/$/, '')}/loki/api/v1/push`;
  return {
    async push(organization, request, signal) {
      try {
        const { statusCode, headers, body } = await pool.request({
          path,
          signal,
          method: 'POST',
          headers: {
            'content-type': 'application/x-protobuf',
            'content-encoding': 'snappy',
            'x-scope-orgid': organization,
            ...authorization,
            ...trace?.(),
          },
          body: request.body,
        });
        const text = await body.text();
        return outcomeOf(statusCode, text.trim().slice(0, maxReasonLength), headers['retry-after']);
      } catch (error) {
        return { kind: 'unavailable', reason: error instanceof Error ? error.message : String(error) };
      }
    },
    close: () => pool.close(),
  };
}

/** Only 204 is success: a tenant whose ingestion is blocked is answered with 260, and nothing was stored. */
function outcomeOf(status: number, reason: string, retryAfter: string | string[] | undefined): PushOutcome {
  if (status === 204) return { kind: 'stored' };
  if (contentStatuses.has(status)) return { kind: 'rejected', status, reason };
  if (status !== 429) return { kind: 'unavailable', reason: `${status} ${reason}`.trim() };
  const seconds = Number(retryAfter);
  return {
    kind: 'limited',
    scope: /stream/i.test(reason) ? 'stream' : 'tenant',
    reason,
    ...(seconds > 0 ? { retryAfterMs: Math.min(seconds, 60) * 1000 } : {}),
  };
}
