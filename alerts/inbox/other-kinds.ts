import { z } from 'zod';
import type { SlackMessage } from './slack.ts';

/** What Alertmanager sends to a webhook (version 4) and to incident.io (version 1), as far as we show it. */
const ownJson = z.object({
  version: z.enum(['1', '4']),
  status: z.string(),
  commonLabels: z.record(z.string(), z.string()),
  alerts: z
    .array(z.object({ status: z.string(), annotations: z.record(z.string(), z.string()) }))
    .max(10_000),
});

/** Most alerts of one message that are shown. */
const mostAlerts = 10;

/** Slack's own escapes, so that nothing in the text counts as markup. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Alertmanager's own JSON as a message of the inbox; undefined when it is something else. */
export function fromAlertmanager(body: unknown): SlackMessage | undefined {
  const parsed = ownJson.safeParse(body);
  if (!parsed.success) return undefined;
  const { status, commonLabels, alerts } = parsed.data;
  const { severity = 'alert', alertname = '', service = '' } = commonLabels;
  const title = [alertname, service].filter((part) => part !== '').join(' · ');
  return {
    attachments: [
      {
        title: escaped(`[${(status === 'resolved' ? status : severity).toUpperCase()}] ${title}`),
        text: alerts
          .slice(0, mostAlerts)
          .map(({ annotations: { summary = '', description = '' } }) => escaped(`${summary}\n${description}`))
          .join('\n'),
      },
    ],
  };
}

const adaptiveCard = z.object({
  attachments: z
    .array(
      z.object({
        content: z.object({
          body: z
            .array(z.object({ text: z.string() }))
            .min(1)
            .max(20),
        }),
      }),
    )
    .length(1),
});

/** The card that Alertmanager sends to Microsoft Teams as a message of the inbox; undefined when it is none. */
export function fromTeams(body: unknown): SlackMessage | undefined {
  const card = adaptiveCard.safeParse(body).data?.attachments[0];
  if (!card) return undefined;
  const [title, ...texts] = card.content.body.map(({ text }) => text);
  return {
    attachments: [{ title: unescaped(escaped(title ?? '')), text: texts.map(mrkdwnOf).join('\n') }],
  };
}

const unescaped = (text: string): string => text.replace(/\\([\\*_[\]()<>#~|`]|&(?:lt|gt);)/g, '$1');

/** Links and bold text of the Markdown that our templates write, in Slack's markup. */
const mrkdwnOf = (markdown: string): string =>
  unescaped(
    escaped(markdown)
      .replace(/(?<!\\)\[([^\]\\]+)\]\((https?:[^)\s]+)\)/g, '<$2|$1>')
      .replace(/\*\*(.+?)\*\*/g, '*$1*'),
  );
