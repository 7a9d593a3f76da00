import { h, popover } from './dom.ts';
import { type PageState, refreshText } from './state.ts';
import { parseTime, quickRanges, type Range, rangeLabel, shifted, widened } from './time.ts';

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

/** Buttons that move the range by half of itself, and double it: what dragging and the wheel do elsewhere. */
export function timeSteps(current: () => Range, choose: (from: string, to: string) => void): HTMLElement {
  const step = (label: string, sign: string, move: (range: Range) => Range): HTMLElement => {
    const button = h('button', { type: 'button', class: 'control', 'aria-label': label, title: label }, sign);
    button.addEventListener('click', () => {
      const { from, to } = move(current());
      choose(String(Math.round(from)), String(Math.round(to)));
    });
    return button;
  };
  return h(
    'div',
    { class: 'time-steps', role: 'group', 'aria-label': 'Move the time range' },
    step('Earlier', '‹', (range) => shifted(range, -0.5)),
    step('Later', '›', (range) => shifted(range, 0.5)),
    step('Zoom out', '−', widened),
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
