import type { DeadmanStatus } from './deadman-switch.ts';
import { html, type SafeHtml, webAddress } from './html.ts';
import { mrkdwnToHtml, plainText } from './mrkdwn.ts';
import type { Incident } from './pagerduty.ts';
import type { SlackAttachment } from './slack.ts';
import type { Heartbeat, ReceivedMessage } from './store.ts';

interface BoardData {
  /** Newest first. */
  readonly messages: readonly ReceivedMessage[];
  readonly incidents: readonly Incident[];
  readonly heartbeat: Heartbeat | undefined;
  readonly deadman: DeadmanStatus;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Shown even while nothing has arrived in them. */
const usualChannels = ['incidents', 'alerts', 'monitoring'];

/** All that arrived, by where it would have gone. */
export function board({ messages, incidents, heartbeat, deadman, now }: BoardData): SafeHtml {
  const channels = [...new Set([...usualChannels, ...messages.map(({ channel }) => channel)])];
  const open = incidents.filter(({ state }) => state !== 'resolved').length;
  return html`${silenceBanner(deadman, heartbeat)}
    <header>
      <h1>Inbox</h1>
      <p class="lead">What Alertmanager would have sent to Slack and PagerDuty. <a href="/runbooks">Runbooks</a></p>
      ${heartbeatBadge(deadman, heartbeat, now)}
    </header>
    <section>
      <h2>PagerDuty <small>${open} open of ${incidents.length}</small></h2>
      ${incidents.length === 0 ? html`<p class="empty">Nobody was paged.</p>` : incidents.map(incidentCard)}
    </section>
    <div class="channels">
      ${channels.map((channel) =>
        channelColumn(
          channel,
          messages.filter((message) => message.channel === channel),
        ),
      )}
    </div>`;
}

function silenceBanner({ state }: DeadmanStatus, heartbeat: Heartbeat | undefined): SafeHtml | '' {
  if (state !== 'silent') return '';
  const last = heartbeat ? `The last heartbeat came at ${clock(heartbeat.lastSeen)}.` : 'None has ever come.';
  return html`<div class="banner" role="alert"><strong>No heartbeat: alerts may reach nobody.</strong>
    ${last} <a href="/runbooks/watchdog">What to do</a></div>`;
}

function heartbeatBadge({ state }: DeadmanStatus, heartbeat: Heartbeat | undefined, now: number): SafeHtml {
  if (!heartbeat) return html`<p class="badge ${looks[state]}">No heartbeat yet</p>`;
  const words = {
    beating: 'Alerting chain alive',
    waiting: 'Waiting for a heartbeat',
    silent: 'Heartbeat lost',
    off: 'Heartbeats go elsewhere',
  };
  return html`<p class="badge ${looks[state]}" title="${heartbeat.count} in all">
    ${words[state]} · ${ago(now - Date.parse(heartbeat.lastSeen))}</p>`;
}

const looks = { beating: 'ok', waiting: 'off', silent: 'bad', off: 'off' } as const;

function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return `${Math.floor(seconds / 3600)} h ago`;
}

function incidentCard(incident: Incident): SafeHtml {
  const links = incident.links.flatMap(({ href, text }) => {
    const address = webAddress(href);
    return address ? [html`<a href="${address}">${text ?? address}</a> `] : [];
  });
  const history = incident.events
    .map(({ action, receivedAt }) => `${action} ${clock(receivedAt)}`)
    .join(' → ');
  return html`<article class="card incident ${incident.state}">
    <div class="row"><span class="state ${incident.state}">${incident.state}</span>
      <strong>${incident.summary}</strong><span class="severity">${incident.severity}</span></div>
    <div class="meta">${incident.component} · ${incident.source} · ${history}</div>
    <div class="links">${links}</div>
  </article>`;
}

function channelColumn(channel: string, messages: readonly ReceivedMessage[]): SafeHtml {
  return html`<section class="channel">
    <h2># ${channel} <small>${messages.length}</small></h2>
    ${messages.length === 0 ? html`<p class="empty">Nothing yet.</p>` : messages.map(messageCard)}
  </section>`;
}

function messageCard({ message, receivedAt }: ReceivedMessage): SafeHtml {
  return html`<article class="card">
    <div class="meta">${message.username ?? 'Alertmanager'} · ${clock(receivedAt)}</div>
    ${message.text ? html`<p>${mrkdwnToHtml(message.text)}</p>` : ''}
    ${(message.attachments ?? []).map(attachmentBlock)}
    ${message.blocks ? html`<p class="empty">${message.blocks.length} blocks</p>` : ''}
  </article>`;
}

const namedColors: Readonly<Record<string, string>> = {
  good: '#2eb886',
  warning: '#daa038',
  danger: '#a30200',
};

function attachmentBlock(attachment: SlackAttachment): SafeHtml {
  const title = plainText(attachment.title ?? attachment.fallback ?? '');
  const address = webAddress(attachment.title_link);
  return html`<div class="attachment" data-color="${barColor(attachment.color)}">
    ${attachment.pretext ? html`<p>${mrkdwnToHtml(attachment.pretext)}</p>` : ''}
    <h3>${address ? html`<a href="${address}">${title}</a>` : title}</h3>
    ${attachment.text ? html`<p>${mrkdwnToHtml(attachment.text)}</p>` : ''}
    ${(attachment.fields ?? []).map((field) => html`<p><strong>${field.title}</strong> ${mrkdwnToHtml(field.value ?? '')}</p>`)}
  </div>`;
}

/** A colour of Slack's or a hex number; anything else is grey. */
function barColor(color = ''): string {
  return namedColors[color] ?? (/^#[0-9a-f]{6}$/i.test(color) ? color : '#888888');
}

const clock = (time: string): string => `${time.slice(11, 19)} UTC`;
