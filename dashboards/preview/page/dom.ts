type Attributes = Readonly<Record<string, string | boolean | undefined | ((event: Event) => void)>>;

/**
 * An element with attributes, listeners (`onclick: …`) and children. Text is set as text, never as HTML, so
 * that a label or a log line cannot become markup.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string | undefined)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value);
    else if (value === true) element.setAttribute(name, '');
    else if (typeof value === 'string') element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** A button that opens a box below itself; Escape, a click elsewhere or leaving it by Tab closes it. */
export function popover(label: string, content: (close: () => void) => Node, name: string): HTMLElement {
  const button = h('button', {
    class: 'control',
    type: 'button',
    'aria-haspopup': 'true',
    'aria-expanded': 'false',
  });
  button.append(h('span', {}, label), h('span', { class: 'caret', 'aria-hidden': 'true' }, '▾'));
  button.setAttribute('aria-label', `${name}: ${label}`);
  const holder = h('div', { class: 'popover' }, button);
  let box: HTMLElement | undefined;
  const close = (): void => {
    const focused = box?.contains(document.activeElement) ?? false;
    box?.remove();
    if (focused) button.focus();
    box = undefined;
    button.setAttribute('aria-expanded', 'false');
    document.removeEventListener('pointerdown', outside, true);
  };
  const outside = (event: Event): void => {
    if (event.target instanceof Node && !holder.contains(event.target)) close();
  };
  button.addEventListener('click', () => {
    if (box) return close();
    box = h('div', { class: 'popover-box', role: 'dialog', 'aria-label': name }, content(close));
    holder.append(box);
    if (box.getBoundingClientRect().right > innerWidth) box.classList.add('to-left');
    button.setAttribute('aria-expanded', 'true');
    document.addEventListener('pointerdown', outside, true);
    box.querySelector<HTMLElement>('input, button')?.focus();
  });
  holder.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  });
  holder.addEventListener('focusout', (event) => {
    if (event.relatedTarget instanceof Node && !holder.contains(event.relatedTarget)) close();
  });
  return holder;
}

/**
 * Draws the controls of a box anew and leaves the keyboard where it was. Not while a list is open in it or somebody
 * types: that one is drawn next time.
 */
export function redrawControls(box: HTMLElement, controls: () => readonly (HTMLElement | undefined)[]): void {
  const focused = document.activeElement;
  const inside = box.contains(focused);
  if (box.querySelector('.popover-box') || (inside && focused instanceof HTMLInputElement)) return;
  const stops = (): readonly HTMLElement[] => [
    ...box.querySelectorAll<HTMLElement>('a, button, input, select'),
  ];
  const place = stops().findIndex((stop) => stop.isSameNode(focused));
  box.replaceChildren(...controls().filter((control) => control !== undefined));
  if (inside) stops()[place]?.focus();
}
