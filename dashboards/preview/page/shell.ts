import { h } from './dom.ts';
import type { ThemeName } from './palette.ts';
import { initialTheme } from './state.ts';

/** What all pages share: the header and the theme. */
export interface Shell {
  readonly root: HTMLElement;
  readonly theme: () => ThemeName;
  /** Called when the theme has changed. */
  readonly onTheme: (listener: (theme: ThemeName) => void) => void;
  readonly toggleTheme: () => void;
}

export function createShell(root: HTMLElement): Shell {
  let theme = initialTheme(new URLSearchParams(location.search));
  const listeners: ((theme: ThemeName) => void)[] = [];
  document.documentElement.dataset.theme = theme;
  return {
    root,
    theme: () => theme,
    onTheme: (listener) => {
      listeners.push(listener);
    },
    toggleTheme: () => {
      theme = theme === 'dark' ? 'light' : 'dark';
      document.documentElement.dataset.theme = theme;
      localStorage.setItem('theme', theme);
      for (const listener of listeners) listener(theme);
    },
  };
}

interface Page {
  readonly title: string;
  readonly about?: string;
  readonly controls?: readonly HTMLElement[];
  readonly content: readonly HTMLElement[];
}

export function frame(shell: Shell, { title, about, controls = [], content }: Page): void {
  const toggle = h('button', { type: 'button', class: 'control', 'aria-label': 'Dark or light theme' }, '◐');
  toggle.addEventListener('click', shell.toggleTheme);
  shell.root.replaceChildren(
    h(
      'header',
      { class: 'top' },
      h(
        'nav',
        { 'aria-label': 'Where you are' },
        h(
          'a',
          { href: '/', class: 'brand' },
          h('span', { class: 'mark', 'aria-hidden': 'true' }),
          'Sightline',
        ),
        h('span', { class: 'separator', 'aria-hidden': 'true' }, '›'),
        h('h1', about ? { title: about } : {}, title),
      ),
      h('div', { class: 'actions' }, ...controls, toggle),
    ),
    h('main', {}, ...content),
  );
}
