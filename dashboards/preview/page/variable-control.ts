import { h, popover } from './dom.ts';
import { everything, type ResolvedVariable } from './variable-values.ts';

/** Grafana's numbers for a variable that is not shown, and for one whose label is not. */
const hidden = 2;
const withoutLabel = 1;

/** A control for one variable; nothing for one that is hidden, or a data source, of which there is only one. */
export function variableControl(
  variable: ResolvedVariable,
  choose: (values: readonly string[]) => void,
): HTMLElement | undefined {
  const { model, chosen } = variable;
  const label = model.label ?? model.name;
  if (model.type === 'datasource' || model.type === 'constant' || model.hide === hidden) return undefined;
  const holder = (control: HTMLElement): HTMLElement =>
    h(
      'div',
      {
        class: 'variable',
        'data-variable': model.name,
        ...(model.description && { title: model.description }),
      },
      model.hide === withoutLabel
        ? undefined
        : h('span', { class: 'variable-label', 'aria-hidden': 'true' }, label),
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
  const apply = (values: readonly string[]): void =>
    choose(values.length === 0 && model.includeAll ? [everything] : values);
  const entry = (value: string, text: string): HTMLElement => {
    const box = h('input', { type: model.multi ? 'checkbox' : 'radio', name: model.name, value });
    box.checked = picked.has(value);
    box.addEventListener('change', () => {
      if (value === everything || !model.multi) picked.clear();
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
