import { z } from 'zod';
import { deadmansSwitch } from '../../infra/game-day/expectation.ts';
import type { Delivery } from '../../infra/game-day/observation.ts';
import type { Severity } from '../../telemetry/contract/links.ts';

/** What is delivered to a Slack channel, or to `pagerduty`; undefined where only copies go. */
export type SeverityOf = (to: string) => Severity | undefined;

const messages = z.object({
  messages: z.array(
    z.object({
      id: z.number(),
      channel: z.string(),
      receivedAt: z.string(),
      message: z.looseObject({
        text: z.string().optional(),
        attachments: z.array(z.looseObject({ title: z.string().optional() })).optional(),
      }),
    }),
  ),
});

const incidents = z.object({
  incidents: z.array(
    z.object({
      component: z.string(),
      class: z.string(),
      events: z.array(z.object({ action: z.string(), receivedAt: z.string() })),
    }),
  ),
});

/** What was posted to Slack: `[WARNING × 2] EventLagHigh · audit (local)` says which alert, and whether it is over. */
export function slackDeliveries(
  answer: unknown,
  isFamily: (word: string) => boolean,
  severityOf: SeverityOf,
): readonly Delivery[] {
  return messages.parse(answer).messages.flatMap(({ channel, receivedAt, message }) => {
    const title = message.attachments?.[0]?.title ?? '';
    const family = title.split(/[^\w-]+/).find(isFamily);
    const severity = severityOf(`#${channel}`);
    if (family === undefined || severity === undefined) return [];
    return [
      {
        family,
        service: /· ([\w-]+)/.exec(title)?.[1] ?? '',
        severity,
        to: `#${channel}`,
        state: title.includes('RESOLVED') ? ('resolved' as const) : ('firing' as const),
        at: Date.parse(receivedAt),
      },
    ];
  });
}

/** What the dead man's switch said: it speaks in a channel of its own, when heartbeats stop and when they return. */
export function deadmanDeliveries(answer: unknown): readonly Delivery[] {
  return messages
    .parse(answer)
    .messages.filter(({ channel }) => channel === 'heartbeat')
    .map(({ receivedAt, message }) => ({
      ...deadmansSwitch,
      to: 'heartbeat',
      state: message.text?.startsWith(':rotating_light:') ? 'firing' : 'resolved',
      at: Date.parse(receivedAt),
    }));
}

/** What PagerDuty was told: an incident’s class is the alert, its component the service. */
export function pagerdutyDeliveries(answer: unknown, severityOf: SeverityOf): readonly Delivery[] {
  const severity = severityOf('pagerduty');
  if (severity === undefined) return [];
  return incidents.parse(answer).incidents.flatMap(({ component, class: family, events }) =>
    events.map(({ action, receivedAt }) => ({
      family,
      service: component,
      severity,
      to: 'pagerduty',
      state: action === 'resolve' ? ('resolved' as const) : ('firing' as const),
      at: Date.parse(receivedAt),
    })),
  );
}
