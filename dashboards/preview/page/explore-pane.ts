import { h } from './dom.ts';
import type { ExploreQuery } from './explore-link.ts';
import { ExploreResult } from './explore-result.ts';
import type { Shell } from './shell.ts';
import { timePicker } from './toolbar.ts';

export interface PaneEvents {
  readonly changed: (query: ExploreQuery) => void;
  /** Shows the same query a second time, beside this one; absent when there are two already. */
  readonly split?: () => void;
  /** Absent when it is the only one. */
  readonly close?: () => void;
}

/** A query box and its answer. */
export class ExplorePane {
  readonly element: HTMLElement;
  readonly #result: ExploreResult;

  constructor(query: ExploreQuery, shell: Shell, events: PaneEvents) {
    const text = h('textarea', { rows: '3', spellcheck: 'false', 'aria-label': 'Query' });
    text.value = query.exprs.join('\n\n');
    const source = h('select', { class: 'control', 'aria-label': 'Data source' });
    for (const name of ['prometheus', 'loki']) {
      const option = h('option', { value: name }, name === 'loki' ? 'Loki' : 'Prometheus');
      option.selected = name === query.source;
      source.append(option);
    }
    const written = (): ExploreQuery => ({
      ...query,
      source: source.value === 'loki' ? 'loki' : 'prometheus',
      exprs: exprsOf(text.value),
    });
    const run = (): void => events.changed(written());
    text.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      run();
    });
    this.#result = new ExploreResult(
      shell.theme(),
      ({ from, to }) => events.changed({ ...written(), from: String(from), to: String(to) }),
      shell.config.traceUrl,
    );
    const button = (title: string, click: () => void, kind = ''): HTMLElement =>
      h('button', { type: 'button', class: `control ${kind}`, onclick: click }, title);
    this.element = h(
      'section',
      { class: 'pane', 'aria-label': `Query of ${query.source === 'loki' ? 'Loki' : 'Prometheus'}` },
      h(
        'div',
        { class: 'pane-tools' },
        source,
        timePicker({ from: query.from, to: query.to, refresh: 0 }, (from, to) =>
          events.changed({ ...written(), from, to }),
        ),
        button('Run query', run, 'primary'),
        events.split && button('Split', events.split),
        events.close && button('Close', events.close),
        h('small', {}, 'Ctrl-Enter runs it; an empty line separates queries'),
      ),
      text,
      this.#result.element,
    );
    queueMicrotask(() => void this.#result.run(query));
  }

  setTheme(...[theme]: Parameters<ExploreResult['setTheme']>): void {
    this.#result.setTheme(theme);
  }

  resize(): void {
    this.#result.resize();
  }

  dispose(): void {
    this.#result.dispose();
  }
}

function exprsOf(text: string): readonly string[] {
  const exprs = text.split(/\n\s*\n/).filter((expr) => expr.trim() !== '');
  return exprs.length > 0 ? exprs : [''];
}
