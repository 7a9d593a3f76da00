import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type EventType, events } from '../../../telemetry/contract/events.ts';
import type { Topic } from '../../../telemetry/contract/labels.ts';
import type { ServiceName } from '../../../telemetry/contract/services.ts';
import { type EventData, eventData } from './event-data.ts';

/** The envelope: CloudEvents 1.0 in JSON, with the request and the trace as extension attributes. */
const envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(200),
  source: z.string().min(1).max(200),
  type: z.string().min(1).max(200),
  subject: z.string().min(1).max(200),
  time: z.iso.datetime({ offset: true }),
  datacontenttype: z.literal('application/json'),
  requestid: z.string().max(200).optional(),
  traceparent: z.string().max(100).optional(),
  data: z.unknown(),
});

/** An event whose envelope is sound; its data is checked when it is delivered. */
export type CloudEvent = z.output<typeof envelope> & { readonly type: EventType };

/** An event of one type whose data fits it. */
export type EventOf<T extends EventType> = T extends EventType
  ? Omit<z.output<typeof envelope>, 'type' | 'data'> & { readonly type: T; readonly data: EventData<T> }
  : never;

export type EventTypeOn<T extends Topic> = {
  [E in EventType]: (typeof events)[E]['topic'] extends T ? E : never;
}[EventType];

export interface EventContext {
  /** The service that publishes. */
  readonly service: ServiceName;
  /** What it is about, for example the task's id; events of one subject keep their order as far as the bus can. */
  readonly subject: string;
  /** Only where it must be the same for a repetition of the same cause, so that it is recognised. */
  readonly id?: string;
  readonly requestId?: string | undefined;
  readonly traceparent?: string | undefined;
}

export function topicOf(type: EventType): Topic {
  return events[type].topic;
}

/** Makes the event; `data` is typed by the contract, and checked again by each subscriber. */
export function newEvent<T extends EventType>(
  type: T,
  data: EventData<T>,
  context: EventContext,
): CloudEvent {
  return newEnvelope(type, data, context);
}

/** An event whose data nobody checked: for the poison-event fault and for tests. */
export function newEnvelope(type: EventType, data: unknown, context: EventContext): CloudEvent {
  return {
    specversion: '1.0',
    id: context.id ?? randomUUID(),
    source: `/services/${context.service}`,
    type,
    subject: context.subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    ...(context.requestId === undefined ? {} : { requestid: context.requestId }),
    ...(context.traceparent === undefined ? {} : { traceparent: context.traceparent }),
    data,
  };
}

/** Says why something is not an event that this system can handle. */
export type Parsed<T> =
  | { readonly ok: true; readonly event: T }
  | { readonly ok: false; readonly reason: string };

function explain(error: z.ZodError): string {
  const first = error.issues[0];
  return first === undefined ? 'invalid' : `${first.path.join('.') || 'event'}: ${first.message}`;
}

const isEventType = (type: string): type is EventType => Object.hasOwn(events, type);

/** Checks the envelope, the type and the data. */
export function parseEvent<T extends Topic>(topic: T, value: unknown): Parsed<EventOf<EventTypeOn<T>>> {
  const outer = envelope.safeParse(value);
  if (!outer.success) return { ok: false, reason: `not a CloudEvent of ours: ${explain(outer.error)}` };
  const { type } = outer.data;
  if (!isEventType(type)) return { ok: false, reason: `unknown event type ${type}` };
  if (topicOf(type) !== topic) return { ok: false, reason: `${type} does not belong on ${topic}` };
  const data = eventData[type].safeParse(outer.data.data);
  if (!data.success) return { ok: false, reason: `data of ${type} does not fit: ${explain(data.error)}` };
  // The pairing of type and data was just established, which the compiler cannot follow through the union.
  return { ok: true, event: { ...outer.data, data: data.data } as EventOf<EventTypeOn<T>> };
}
