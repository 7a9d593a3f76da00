import { h } from './dom.ts';

export interface MenuItem {
  readonly title: string;
  readonly href: string;
}

/** Links beside the pointer; Escape, a click elsewhere or leaving it by Tab closes it. */
export function openLinkMenu(
  items: readonly MenuItem[],
  at: { readonly x: number; readonly y: number },
): void {
  if (items.length === 0) return;
  const before = document.activeElement;
  const menu = h(
    'div',
    { class: 'link-menu', role: 'menu', 'aria-label': 'Links' },
    ...items.map(({ title, href }) =>
      h('a', { href, target: '_blank', rel: 'noopener', role: 'menuitem' }, title),
    ),
  );
  menu.style.left = `${Math.max(0, Math.min(at.x, innerWidth - 280))}px`;
  menu.style.top = `${at.y + scrollY + 8}px`;
  document.body.append(menu);
  const done = new AbortController();
  const close = (): void => {
    done.abort();
    menu.remove();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  };
  const { signal } = done;
  menu.addEventListener('keydown', (event) => keyIn(menu, event, close), { signal });
  menu.addEventListener(
    'focusout',
    (event) => {
      if (event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)) close();
    },
    { signal },
  );
  // The click that opened it is still on its way.
  setTimeout(() => {
    if (signal.aborted) return;
    document.addEventListener(
      'pointerup',
      // A link that is gone before the click ends is not followed.
      ({ target }) => {
        if (!(target instanceof Node && menu.contains(target))) close();
      },
      { signal },
    );
    menu.addEventListener('click', close, { signal });
  });
  menu.querySelector('a')?.focus({ preventScroll: true });
}

function keyIn(menu: HTMLElement, event: KeyboardEvent, close: () => void): void {
  const links = [...menu.querySelectorAll('a')];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === 'Escape') close();
  else if (step !== undefined) {
    event.preventDefault();
    const now = links.findIndex((link) => link.isSameNode(document.activeElement));
    links[(now + step + links.length) % links.length]?.focus();
  }
}
