import { z } from 'zod';

const link = z.object({ href: z.string(), text: z.string().optional() });

const eventFields = {
  routing_key: z.string().min(1).max(100),
  dedup_key: z.string().max(255).optional(),
  client: z.string().optional(),
  client_url: z.string().optional(),
  links: z.array(link).max(100).optional(),
  images: z.array(z.looseObject({ src: z.string() })).optional(),
};

const payload = z.looseObject({
  summary: z.string().min(1).max(1024),
  source: z.string().min(1),
  severity: z.enum(['critical', 'error', 'warning', 'info']),
  timestamp: z.string().optional(),
  component: z.string().optional(),
  group: z.string().optional(),
  class: z.string().optional(),
  custom_details: z.unknown().optional(),
});

/** Events API v2. Only a trigger needs a payload; only what follows one needs to say to which it belongs. */
const event = z.discriminatedUnion('event_action', [
  z.looseObject({ ...eventFields, event_action: z.literal('trigger'), payload }),
  z.looseObject({
    ...eventFields,
    event_action: z.literal('acknowledge'),
    dedup_key: z.string().min(1).max(255),
  }),
  z.looseObject({
    ...eventFields,
    event_action: z.literal('resolve'),
    dedup_key: z.string().min(1).max(255),
  }),
]);

export type PagerDutyEvent = z.infer<typeof event>;
type PagerDutyTrigger = Extract<PagerDutyEvent, { event_action: 'trigger' }>;

/** The event, or the complaints that PagerDuty would list. */
export function parsePagerDutyEvent(
  body: unknown,
): { readonly event: PagerDutyEvent } | { readonly errors: readonly string[] } {
  const parsed = event.safeParse(body);
  if (parsed.success) return { event: parsed.data };
  return {
    errors: parsed.error.issues.map(({ path, message }) => `'${path.join('.') || 'event'}': ${message}`),
  };
}

export interface ReceivedEvent {
  readonly receivedAt: string;
  readonly dedupKey: string;
  readonly event: PagerDutyEvent;
}

export interface Incident {
  readonly dedupKey: string;
  readonly state: 'triggered' | 'acknowledged' | 'resolved';
  readonly summary: string;
  readonly severity: string;
  readonly source: string;
  readonly component: string;
  /** What kind of trouble it is: the name of the alert. */
  readonly class: string;
  readonly client: string;
  readonly links: readonly { readonly href: string; readonly text?: string | undefined }[];
  readonly details: unknown;
  readonly triggeredAt: string;
  readonly resolvedAt?: string;
  /** Oldest first. */
  readonly events: readonly {
    readonly action: PagerDutyEvent['event_action'];
    readonly receivedAt: string;
  }[];
}

/**
 * The incidents that PagerDuty would show, newest first. A trigger with the key of an open incident joins it, one
 * with the key of a resolved incident opens another; what follows no open incident is ignored.
 */
export function incidentsOf(received: readonly ReceivedEvent[]): readonly Incident[] {
  const incidents: Incident[] = [];
  for (const { receivedAt, dedupKey, event } of received) {
    const index = incidents.findLastIndex(
      (incident) => incident.dedupKey === dedupKey && incident.state !== 'resolved',
    );
    const open = incidents[index];
    const entry = { action: event.event_action, receivedAt };
    if (open) incidents[index] = follow(open, event, entry);
    else if (event.event_action === 'trigger') incidents.push(opened(dedupKey, event, entry));
  }
  return incidents.reverse();
}

function opened(
  dedupKey: string,
  { payload, client, links }: PagerDutyTrigger,
  entry: Incident['events'][number],
): Incident {
  return {
    dedupKey,
    state: 'triggered',
    summary: payload.summary,
    severity: payload.severity,
    source: payload.source,
    component: payload.component ?? '',
    class: payload.class ?? '',
    client: client ?? '',
    links: links ?? [],
    details: payload.custom_details,
    triggeredAt: entry.receivedAt,
    events: [entry],
  };
}

function follow(incident: Incident, event: PagerDutyEvent, entry: Incident['events'][number]): Incident {
  const events = [...incident.events, entry];
  switch (event.event_action) {
    case 'trigger':
      return { ...incident, events };
    case 'acknowledge':
      return { ...incident, events, state: 'acknowledged' };
    case 'resolve':
      return { ...incident, events, state: 'resolved', resolvedAt: entry.receivedAt };
  }
}
