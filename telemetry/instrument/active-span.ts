import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from '@opentelemetry/api';

/** What is known about the request in which the code runs. */
export interface RequestContext {
  readonly requestId: string;
  readonly userId: string | undefined;
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

/** Shared by all spans of one request in this process. */
export interface RequestIdentity {
  readonly id: string;
  userId: string | undefined;
}

/** The span in which the code runs. `recorded` is there only while spans are exported. */
export class ActiveSpan implements RequestContext {
  readonly request: RequestIdentity;
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
  readonly traceState: string | undefined;
  readonly recorded: Span | undefined;
  private logPart: string | undefined = undefined;
  private logPartUser: string | undefined = undefined;

  constructor(
    request: RequestIdentity,
    traceId: string,
    spanId: string,
    sampled: boolean,
    traceState: string | undefined,
    recorded: Span | undefined,
  ) {
    this.request = request;
    this.traceId = traceId;
    this.spanId = spanId;
    this.sampled = sampled;
    this.traceState = traceState;
    this.recorded = recorded;
  }

  get requestId(): string {
    return this.request.id;
  }

  get userId(): string | undefined {
    return this.request.userId;
  }

  /** Its part of a log line, serialised once: every line of a request repeats it. */
  get serialized(): string {
    const { userId } = this.request;
    if (this.logPart === undefined || this.logPartUser !== userId) {
      const user = userId === undefined ? '' : `,"user_id":${JSON.stringify(userId)}`;
      this.logPartUser = userId;
      this.logPart = `,"request_id":"${this.request.id}"${user},"trace_id":"${this.traceId}","span_id":"${this.spanId}"`;
    }
    return this.logPart;
  }
}

/** One for the process: code does not know which instrumentation it runs under. */
export const activeSpan = new AsyncLocalStorage<ActiveSpan>();
