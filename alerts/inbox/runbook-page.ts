import { Marked } from 'marked';
import { readRunbooks } from '../runbooks.ts';
import { escapeHtml, html, type SafeHtml, trusted, webAddress } from './html.ts';

/** Markdown without its back doors: raw HTML is shown as text, and links lead to the web or to other runbooks. */
const markdown = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }) => escapeHtml(text),
    image: ({ text }) => escapeHtml(text),
    link({ href, tokens }) {
      const label = this.parser.parseInline(tokens);
      const other = /^([a-z0-9-]+)\.md$/.exec(href);
      const address = other ? `/runbooks/${other[1]}` : webAddress(href);
      return address ? `<a href="${escapeHtml(address)}">${label}</a>` : label;
    },
  },
});

/** The page of a runbook, or undefined when there is none. */
export async function runbookPage(id: string, directory: string): Promise<SafeHtml | undefined> {
  const text = (await readRunbooks(directory)).get(id);
  if (text === undefined) return undefined;
  const body = trusted(markdown.parse(text, { async: false }));
  return html`<nav><a href="/">Inbox</a> · <a href="/runbooks">Runbooks</a></nav><article>${body}</article>`;
}

export async function runbookIndex(directory: string): Promise<SafeHtml> {
  const items = [...(await readRunbooks(directory))].map(
    ([id, text]) => html`<li><a href="/runbooks/${id}">${/^# (.+)$/m.exec(text)?.[1] ?? id}</a></li>`,
  );
  return html`<nav><a href="/">Inbox</a></nav><article><h1>Runbooks</h1><ul>${items}</ul></article>`;
}
