import { z } from 'zod';

/** What of an incoming webhook's message we show; Slack takes more, and so do we. */
const attachment = z.looseObject({
  fallback: z.string().optional(),
  color: z.string().optional(),
  pretext: z.string().optional(),
  title: z.string().optional(),
  title_link: z.string().optional(),
  text: z.string().optional(),
  fields: z.array(z.looseObject({ title: z.string().optional(), value: z.string().optional() })).optional(),
});

const message = z.looseObject({
  text: z.string().optional(),
  username: z.string().optional(),
  attachments: z.array(attachment).optional(),
  blocks: z.array(z.looseObject({ type: z.string() })).optional(),
});

export type SlackMessage = z.infer<typeof message>;
export type SlackAttachment = z.infer<typeof attachment>;

/** Slack's own words for what is wrong. https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export type SlackError = 'invalid_payload' | 'no_text' | 'too_many_attachments' | 'channel_not_found';

const mostAttachments = 100;

export const isChannel = (name: string): boolean => /^[a-z0-9][a-z0-9_-]{0,79}$/.test(name);

/** The message, or what Slack would answer instead of `ok`. */
export function parseSlackMessage(body: unknown): SlackMessage | SlackError {
  const parsed = message.safeParse(body);
  if (!parsed.success) return 'invalid_payload';
  const { text, attachments = [], blocks = [] } = parsed.data;
  if (attachments.length > mostAttachments) return 'too_many_attachments';
  return !text && attachments.length === 0 && blocks.length === 0 ? 'no_text' : parsed.data;
}
