import { h, popover } from './dom.ts';
import type { PanelModel } from './model.ts';

export interface PanelHeader {
  readonly element: HTMLElement;
  readonly explore: HTMLAnchorElement;
  /** Puts the panel's links in; called again when what they carry has changed. */
  readonly setLinks: (links: readonly { readonly title: string; readonly href: string }[]) => void;
}

/** Panels that are tables or text already. */
const readable = new Set(['table', 'logs', 'text']);

/** Title, description, links, and the switch to a table, for those who would rather read the numbers. */
export function panelHeader(panel: PanelModel, showTable: (on: boolean) => void): PanelHeader {
  const title = panel.title ?? '';
  const explore = h('a', { class: 'panel-explore', target: '_blank', rel: 'noopener' }, 'Explore');
  explore.setAttribute('aria-label', `Explore the query of ${title}`);
  const links = h('span', { class: 'panel-links' });
  const tools = h(
    'span',
    { class: 'panel-tools' },
    links,
    readable.has(panel.type) ? undefined : tableButton(title, showTable),
    panel.type === 'text' ? undefined : explore,
  );
  const heading = h('h3', { id: `title-${panel.id}` }, title);
  return {
    element: h('header', { class: 'panel-header' }, heading, describe(panel), tools),
    explore,
    setLinks: (items) => {
      if (links.contains(document.activeElement) || items.length === 0) return;
      links.replaceChildren(
        popover(
          'Links',
          () =>
            h(
              'ul',
              { class: 'menu-list' },
              ...items.map((item) =>
                h('li', {}, h('a', { href: item.href, target: '_blank', rel: 'noopener' }, item.title)),
              ),
            ),
          `Links of ${title}`,
        ),
      );
    },
  };
}

function tableButton(title: string, showTable: (on: boolean) => void): HTMLElement {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'panel-table-toggle',
      'aria-pressed': 'false',
      'aria-label': `${title} as a table`,
    },
    'Table',
  );
  button.addEventListener('click', () => {
    const on = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(on));
    showTable(on);
  });
  return button;
}

function describe({ id: panelId, title = '', description: text = '' }: PanelModel): HTMLElement | undefined {
  if (text === '') return undefined;
  const id = `about-${panelId}`;
  return h(
    'span',
    { class: 'about' },
    h('button', { type: 'button', 'aria-label': `About ${title}`, 'aria-describedby': id }, 'i'),
    h('span', { class: 'about-text', role: 'tooltip', id }, text),
  );
}
