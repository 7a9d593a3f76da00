import { h, popover } from './dom.ts';
import { type PageState, refreshText } from './state.ts';
import { parseTime, quickRanges, rangeLabel } from './time.ts';
import { everything, type ResolvedVariable } from './variable-values.ts';

/** The time picker: quick ranges, and two fields that take `now-6h` as well as dates. */
export function timePicker(state: PageState, choose: (from: string, to: string) => void): HTMLElement {
  return popover(
    rangeLabel(state.from, state.to),
    (close) => {
      const from = h('input', {
        type: 'text',
        name: 'from',
        value: state.from,
        'aria-label': 'From',
        spellcheck: 'false',
      });
      const to = h('input', {
        type: 'text',
        name: 'to',
        value: state.to,
        'aria-label': 'To',
        spellcheck: 'false',
      });
      const problem = h('p', { class: 'problem', role: 'alert' });
      const form = h(
        'form',
        { class: 'absolute' },
        h('strong', {}, 'Time range'),
        h('label', {}, 'From', from),
        h('label', {}, 'To', to),
        h('small', {}, 'now-6h, now/d, 2026-11-21 14:00, or epoch milliseconds'),
        problem,
        h('button', { type: 'submit', class: 'primary' }, 'Apply'),
      );
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        const [start, end] = [parseTime(from.value, Date.now()), parseTime(to.value, Date.now(), true)];
        if (start === undefined || end === undefined || start >= end) {
          problem.textContent =
            start !== undefined && end !== undefined ? '“From” must be before “To”' : 'That is not a time';
          return;
        }
        close();
        const keep = (text: string, ms: number): string => (text.startsWith('now') ? text : String(ms));
        choose(keep(from.value, start), keep(to.value, end));
      });
      const quick = quickRanges.map((range) => {
        const chosen = range.from === state.from && range.to === state.to;
        const button = h(
          'button',
          { type: 'button', 'aria-current': chosen ? 'true' : undefined },
          range.label,
        );
        button.addEventListener('click', () => {
          close();
          choose(range.from, range.to);
        });
        return button;
      });
      return h('div', { class: 'time-picker' }, form, h('div', { class: 'quick' }, ...quick));
    },
    'Time range',
  );
}

export function refreshPicker(seconds: number, choose: (seconds: number) => void): HTMLElement {
  const select = h('select', { class: 'control', 'aria-label': 'Auto refresh' });
  for (const choice of new Set([0, 5, 10, 30, 60, 300, seconds])) {
    const option = h(
      'option',
      { value: String(choice) },
      choice === 0 ? 'Refresh: off' : `Every ${refreshText(choice)}`,
    );
    option.selected = choice === seconds;
    select.append(option);
  }
  select.addEventListener('change', () => choose(Number(select.value)));
  return select;
}

/** A control for one variable; nothing for a data source, of which there is only one. */
export function variableControl(
  variable: ResolvedVariable,
  choose: (values: readonly string[]) => void,
): HTMLElement | undefined {
  const { model, chosen } = variable;
  const label = model.label ?? model.name;
  if (model.type === 'datasource' || model.type === 'constant') return undefined;
  const holder = (control: HTMLElement): HTMLElement =>
    h(
      'div',
      { class: 'variable', 'data-variable': model.name },
      h('span', { class: 'variable-label' }, label),
      control,
    );
  if (model.type === 'textbox') {
    const value = chosen[0] ?? '';
    const input = h('input', {
      type: 'text',
      class: 'control',
      value,
      'aria-label': label,
      placeholder: 'text or regex',
    });
    input.addEventListener('change', () => choose([input.value]));
    return holder(input);
  }
  const text = chosen.includes(everything) ? 'All' : chosen.join(' + ');
  return holder(popover(text === '' ? 'None' : text, (close) => choices(variable, choose, close), label));
}

function choices(
  { model, options, chosen }: ResolvedVariable,
  choose: (values: readonly string[]) => void,
  close: () => void,
): HTMLElement {
  const picked = new Set(chosen);
  const known = [...new Set([...options, ...chosen.filter((value) => value !== everything)])];
  const list = h('div', { class: 'choices' });
  const apply = (values: readonly string[]): void => choose(values.length === 0 ? [everything] : values);
  const entry = (value: string, text: string): HTMLElement => {
    const box = h('input', { type: 'checkbox', value });
    box.checked = picked.has(value);
    box.addEventListener('change', () => {
      if (value === everything) picked.clear();
      else picked.delete(everything);
      if (box.checked) picked.add(value);
      else picked.delete(value);
      for (const other of list.querySelectorAll('input')) other.checked = picked.has(other.value);
    });
    const only = h('button', { type: 'button', class: 'only' }, 'only');
    only.setAttribute('aria-label', `Only ${text}`);
    only.addEventListener('click', () => {
      close();
      apply([value]);
    });
    return h('div', { class: 'choice', 'data-text': text.toLowerCase() }, h('label', {}, box, text), only);
  };
  if (model.includeAll) list.append(entry(everything, 'All'));
  list.append(...known.map((value) => entry(value, value)));
  const filter = h('input', {
    type: 'search',
    placeholder: 'Filter, or type a value and press Enter',
    'aria-label': 'Filter',
  });
  filter.addEventListener('input', () => {
    for (const child of list.children)
      if (child instanceof HTMLElement)
        child.hidden = !(child.dataset.text ?? '').includes(filter.value.toLowerCase());
  });
  filter.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || filter.value === '') return;
    close();
    apply([known.find((value) => value === filter.value) ?? filter.value]);
  });
  const done = h('button', { type: 'button', class: 'primary' }, 'Apply');
  done.addEventListener('click', () => {
    close();
    apply([...picked]);
  });
  return h('div', { class: 'variable-picker' }, filter, list, done);
}
