import { h } from './dom.ts';
import type { PreviewConfig } from './model.ts';
import type { ThemeName } from './palette.ts';
import { type ThemeChoice, themeChoice } from './state.ts';

/** What all pages share: where they are drawn, what surrounds the preview, and the theme. */
export interface Shell {
  readonly root: HTMLElement;
  readonly config: PreviewConfig;
  readonly theme: () => ThemeName;
  /** Called when the theme has changed. */
  readonly onTheme: (listener: (theme: ThemeName) => void) => void;
  readonly choice: () => ThemeChoice;
  readonly choose: (choice: ThemeChoice) => void;
}

export function createShell(root: HTMLElement, config: PreviewConfig): Shell {
  const light = matchMedia('(prefers-color-scheme: light)');
  const listeners: ((theme: ThemeName) => void)[] = [];
  let choice = themeChoice(new URLSearchParams(location.search), localStorage.getItem('theme'));
  const resolved = (): ThemeName => (choice !== 'system' ? choice : light.matches ? 'light' : 'dark');
  let theme = resolved();
  const apply = (): void => {
    theme = resolved();
    document.documentElement.dataset.theme = theme;
    for (const listener of listeners) listener(theme);
  };
  apply();
  light.addEventListener('change', apply);
  return {
    root,
    config,
    theme: () => theme,
    onTheme: (listener) => {
      listeners.push(listener);
    },
    choice: () => choice,
    choose: (next) => {
      choice = next;
      localStorage.setItem('theme', next);
      apply();
    },
  };
}

interface Page {
  readonly title: string;
  readonly about?: string;
  readonly controls?: readonly HTMLElement[];
  readonly content: readonly HTMLElement[];
  /** Path of the same page in Grafana; the same as here by default. */
  readonly grafanaPath?: string;
}

const places = [
  { title: 'Dashboards', path: '/', here: /^\/(?:d\/.*)?$/ },
  { title: 'Explore', path: '/explore', here: /^\/(?:explore|queries\/.*)$/ },
  { title: 'Alerts', path: '/alerts', here: /^\/alerts$/ },
] as const;

/** Puts a page into the document: skip link, header, main, footer. */
export function frame(shell: Shell, page: Page): void {
  document.title = `${page.title} · Sightline preview`;
  const main = h('main', { id: 'content', tabindex: '-1' }, ...page.content);
  shell.root.replaceChildren(
    h('a', { href: '#content', class: 'skip' }, 'Skip to the content'),
    h(
      'header',
      { class: 'top' },
      h(
        'div',
        { class: 'where' },
        h(
          'a',
          { href: '/', class: 'brand' },
          h('span', { class: 'mark', 'aria-hidden': 'true' }),
          'Sightline',
          h('span', { class: 'badge plain' }, 'preview'),
        ),
        h(
          'nav',
          { 'aria-label': 'Pages' },
          ...places.map(({ title, path, here }) =>
            h('a', { href: path, ...(here.test(location.pathname) && { 'aria-current': 'page' }) }, title),
          ),
        ),
        h('h1', page.about ? { title: page.about } : {}, page.title),
      ),
      h('div', { class: 'actions' }, ...(page.controls ?? []), themePicker(shell)),
    ),
    main,
    footer(shell, page.grafanaPath),
  );
}

function themePicker(shell: Shell): HTMLElement {
  const select = h('select', { class: 'control', 'aria-label': 'Theme' });
  for (const [value, text] of [
    ['system', 'Theme: system'],
    ['dark', 'Dark'],
    ['light', 'Light'],
  ] as const) {
    const option = h('option', { value }, text);
    option.selected = value === shell.choice();
    select.append(option);
  }
  select.addEventListener('change', () => {
    const { value } = select;
    shell.choose(value === 'dark' || value === 'light' ? value : 'system');
  });
  return select;
}

/** Says what this is, and leads to Grafana where there is one. */
function footer({ config }: Shell, path: string | undefined): HTMLElement {
  const { grafanaUrl } = config;
  const said = h(
    'p',
    {},
    'This is Sightline’s built-in preview: it draws the generated dashboards from live data without Grafana, and changes nothing.',
  );
  if (grafanaUrl === undefined)
    return h('footer', {}, said, h('p', { class: 'dim' }, 'No Grafana answers here.'));
  const link = h('a', { href: grafanaUrl, class: 'control' }, 'Open this page in Grafana');
  // The address changes with the time and the variables: it is taken when it is used.
  const follow = (): void => {
    link.href = `${grafanaUrl}${path ?? `${location.pathname}${location.search}`}`;
  };
  follow();
  for (const event of ['pointerenter', 'focus', 'click']) link.addEventListener(event, follow);
  return h('footer', {}, said, link);
}
