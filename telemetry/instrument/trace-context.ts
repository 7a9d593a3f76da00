import { newRequestId } from './ids.ts';

/** What a `traceparent` header says. https://www.w3.org/TR/trace-context/ */
export interface RemoteParent {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
  /** The vendors' `tracestate`, passed on as it came. */
  readonly traceState?: string;
}

const traceparentPattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const maxTraceparentLength = 512;
/** The specification's own limit for what must be passed on. */
const maxTracestateLength = 512;
const tracestatePattern = /^[\x20-\x7e]*$/;

/** The parent that a caller sent, or undefined where the header is missing or not valid. Never throws. */
export function parseTraceparent(header: string | undefined, tracestate?: string): RemoteParent | undefined {
  if (header === undefined || header.length > maxTraceparentLength) return undefined;
  const match = traceparentPattern.exec(header);
  if (match === null) return undefined;
  const [, version, traceId, spanId, flags, rest] = match;
  if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined) {
    return undefined;
  }
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  const sampled = (Number.parseInt(flags, 16) & 1) === 1;
  const state = usableTracestate(tracestate);
  return state === undefined ? { traceId, spanId, sampled } : { traceId, spanId, sampled, traceState: state };
}

export function formatTraceparent(parent: RemoteParent): string {
  return `00-${parent.traceId}-${parent.spanId}-${parent.sampled ? '01' : '00'}`;
}

function usableTracestate(header: string | undefined): string | undefined {
  if (header === undefined || header === '' || header.length > maxTracestateLength) return undefined;
  return tracestatePattern.test(header) ? header : undefined;
}

/** Safe in a log line, a header, a URL and a query; long enough for a UUID or a ULID with a prefix. */
const requestIdPattern = /^[A-Za-z0-9][A-Za-z0-9._:@/+=-]{0,127}$/;

/** The caller's `X-Request-ID` where it is sane (1 to 128 safe characters), a new one where it is not. */
export function acceptRequestId(header: string | undefined): string {
  return header !== undefined && requestIdPattern.test(header) ? header : newRequestId();
}
