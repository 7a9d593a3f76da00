import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../telemetry/instrument/logger.ts';
import type { DeadmanReport } from './deadman-switch.ts';
import type { SlackMessage } from './slack.ts';
import type { InboxStore } from './store.ts';

/** Channel of the inbox that the switch speaks in. */
const channel = 'heartbeat';

/** Longest that the webhook may take, and how often it is tried, each wait twice as long as the one before. */
const timeoutMs = 10_000;
const attempts = 6;
const firstWaitMs = 1000;

interface Outlets {
  readonly store: InboxStore;
  readonly log: Logger;
  /** File with the address of a webhook that takes Slack's messages. */
  readonly webhookFile?: string | undefined;
}

/** Tells of a report wherever it can be seen without Alertmanager: log, inbox, and the webhook where there is one. */
export function reporter({ store, log, webhookFile }: Outlets): (report: DeadmanReport) => void {
  return ({ state, text }) => {
    if (state === 'silent') log.critical(text);
    else log.info(text);
    const message = slackMessage({ state, text });
    store.addMessage(channel, message);
    if (webhookFile) void post(webhookFile, message, log);
  };
}

const slackMessage = ({ state, text }: DeadmanReport): SlackMessage => ({
  username: 'Dead man’s switch',
  text: state === 'silent' ? `:rotating_light: ${text}` : `:white_check_mark: ${text}`,
});

async function post(webhookFile: string, message: SlackMessage, log: Logger): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const failure = await postOnce(webhookFile, message);
    if (failure === undefined) return;
    if (attempt === attempts) return log.error('The dead man’s switch could not report', { reason: failure });
    // A process that ends does not wait for this.
    await delay(firstWaitMs * 2 ** (attempt - 1), undefined, { ref: false });
  }
}

/** What went wrong, without the address: it is a secret. */
async function postOnce(webhookFile: string, message: SlackMessage): Promise<string | undefined> {
  try {
    const url = (await readFile(webhookFile, 'utf8')).trim();
    if (!URL.canParse(url)) return `${webhookFile} holds no address`;
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.body?.cancel();
    return answer.ok ? undefined : `it answers ${answer.status}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer';
  }
}
