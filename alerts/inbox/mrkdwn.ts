import { escapeHtml, html, type SafeHtml, trusted, webAddress } from './html.ts';

/** Plain characters, for a machine without an emoji font. */
const emoji: Readonly<Record<string, string>> = {
  ':rotating_light:': '⚠',
  ':white_check_mark:': '✔',
};

const linkPattern = /<(https?:\/\/[^<>|\s]+)(?:\|([^<>]*))?>/g;

/** Slack's markup as HTML: links, bold, italics, code, line breaks and the emoji that our templates use. */
export function mrkdwnToHtml(text: string): SafeHtml {
  let markup = '';
  let copied = 0;
  for (const match of text.matchAll(linkPattern)) {
    markup += inline(text.slice(copied, match.index)) + link(match);
    copied = match.index + match[0].length;
  }
  return trusted(markup + inline(text.slice(copied)));
}

function link([whole, target, label]: RegExpExecArray): string {
  const address = webAddress(target);
  return address ? html`<a href="${address}">${label || address}</a>`.toString() : escapeHtml(whole);
}

const slackEntities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** Text as its writer meant it: Slack has three characters escaped. */
export const plainText = (text: string): string =>
  text.replace(/&(?:lt|gt|amp);/g, (entity) => slackEntities[entity] ?? entity);

function inline(text: string): string {
  return escapeHtml(plainText(text))
    .replace(/:[a-z_]+:/g, (name) => emoji[name] ?? name)
    .replace(/`([^`\n]+)`/g, '<code>$1</code>')
    .replace(/(^|[\s(])\*([^*\n]+)\*(?=$|[\s.,;:!?)])/gm, '$1<strong>$2</strong>')
    .replace(/(^|[\s(])_([^_\n]+)_(?=$|[\s.,;:!?)])/gm, '$1<em>$2</em>')
    .replace(/\n/g, '<br>');
}
