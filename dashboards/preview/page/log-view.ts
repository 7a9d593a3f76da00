import { h } from './dom.ts';
import type { LogLine } from './frames.ts';
import { containsText, type LogRecord, toRecord } from './log-record.ts';
import { fullTime } from './time.ts';
import { traceLink } from './trace-link.ts';

/** Lines that are drawn at once; the rest on demand, since each costs as much as a chart's series. */
const firstLines = 100;

/** Log lines with level colours, a filter, details on demand, and a live mode. */
export class LogView {
  readonly element = h('div', { class: 'logs' });
  readonly #list = h('ol', { class: 'log-lines', 'aria-label': 'Log lines', tabindex: '0' });
  readonly #count = h('span', { class: 'log-count', role: 'status' });
  #records: readonly LogRecord[] = [];
  #filter = '';
  #limit = firstLines;
  readonly #open = new Set<string>();

  readonly #traceUrl: string | undefined;

  /** @param live called with true when the reader wants new lines as they come */
  constructor(live: (on: boolean) => void, traceUrl: string | undefined) {
    this.#traceUrl = traceUrl;
    const filter = h('input', {
      type: 'search',
      placeholder: 'Filter lines',
      'aria-label': 'Filter lines',
      oninput: (event) => {
        this.#filter = event.target instanceof HTMLInputElement ? event.target.value : '';
        this.#render();
      },
    });
    const button = h('button', { type: 'button', class: 'live', 'aria-pressed': 'false' }, '▶ Live');
    button.addEventListener('click', () => {
      const on = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(on));
      button.textContent = on ? '❚❚ Live' : '▶ Live';
      live(on);
    });
    this.element.append(h('div', { class: 'log-tools' }, filter, this.#count, button), this.#list);
  }

  show(lines: readonly LogLine[]): void {
    this.#records = lines.map(toRecord);
    this.#render();
  }

  #render(): void {
    const shown =
      this.#filter === ''
        ? this.#records
        : this.#records.filter((record) => containsText(record, this.#filter));
    this.#count.textContent = `${shown.length} of ${this.#records.length} lines`;
    const more = shown.length - this.#limit;
    this.#list.replaceChildren(
      ...shown.slice(0, this.#limit).map((record) => this.#line(record)),
      ...(more > 0 ? [this.#moreButton(more)] : []),
      ...(this.#records.length === 0 ? [h('li', { class: 'message' }, 'No lines in this time range')] : []),
    );
  }

  #moreButton(more: number): HTMLElement {
    const show = (): void => {
      const next = this.#limit;
      this.#limit = Number.POSITIVE_INFINITY;
      this.#render();
      this.#list.querySelectorAll('summary')[next]?.focus();
    };
    return h('li', {}, h('button', { type: 'button', class: 'control', onclick: show }, `Show ${more} more`));
  }

  #line(record: LogRecord): HTMLElement {
    const key = `${record.time} ${record.raw}`;
    const details = h('details', { class: `log-line level-${record.level.toLowerCase()}` });
    details.open = this.#open.has(key);
    const service = record.fields.find(([name]) => name === 'service')?.[1];
    details.append(
      h(
        'summary',
        {},
        h('span', { class: 'log-time' }, fullTime(record.time).slice(5)),
        h('span', { class: 'log-level' }, record.level),
        service === undefined ? undefined : h('span', { class: 'log-service' }, service),
        h('span', { class: 'log-message' }, record.message),
      ),
    );
    const fill = (): void => {
      if (!details.open) {
        this.#open.delete(key);
        return;
      }
      this.#open.add(key);
      if (details.children.length > 1) return;
      details.append(...record.groups.map((group) => this.#group(group)));
    };
    details.addEventListener('toggle', fill);
    fill();
    return h('li', {}, details);
  }

  #group({ title, fields }: LogRecord['groups'][number]): HTMLElement {
    const rows = fields.map(([name, value]) => {
      const link = this.#linkOf(name, value);
      const shown = link
        ? h('a', { href: link.href, target: '_blank', rel: 'noopener', title: link.title }, value)
        : value;
      return h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, shown));
    });
    return h('table', { class: 'log-fields' }, h('caption', {}, title), h('tbody', {}, ...rows));
  }

  /** From a line to its trace, its request, its user. */
  #linkOf(name: string, value: string): { readonly title: string; readonly href: string } | undefined {
    if (value === '') return undefined;
    if (name === 'trace_id') return traceLink(value, this.#traceUrl);
    const query = { request_id: 'request-across-services', user_id: 'user-activity' }[name];
    return query === undefined
      ? undefined
      : { title: 'All lines with it', href: `/queries/${query}?${name}=${encodeURIComponent(value)}` };
  }
}
